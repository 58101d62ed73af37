import { mappingMethods, type EnrichedAlert, type MappingMethod } from './mapping';

/** How well alerts found their services. */
export interface MappingStatistics {
  readonly alerts: number;
  readonly mapped: number;
  readonly unmapped: number;
  readonly byMethod: Readonly<Record<MappingMethod, number>>;
  /** Of the mapped alerts; 0 when there are none. */
  readonly meanConfidence: number;
  /** Mapped alerts below `lowConfidence`. */
  readonly lowConfidence: number;
  /** Services that alert. */
  readonly services: number;
  /** What unmapped alerts call their service, most alerts first; null for those that name none. */
  readonly unmappedServices: readonly { readonly service: string | null; readonly alerts: number }[];
}

/** Below this a mapping is more of a guess. */
export const lowConfidence = 0.5;
const unmappedListed = 50;

export function mappingStatistics(enriched: readonly EnrichedAlert[]): MappingStatistics {
  const byMethod = Object.fromEntries(mappingMethods.map((method) => [method, 0])) as Record<
    MappingMethod,
    number
  >;
  const services = new Set<number>();
  const unmapped = new Map<string | null, number>();
  let confidence = 0;
  let low = 0;
  for (const { alert, node, mapping } of enriched) {
    byMethod[mapping.method]++;
    if (mapping.method === 'none') {
      unmapped.set(alert.service, (unmapped.get(alert.service) ?? 0) + 1);
      continue;
    }
    services.add(node);
    confidence += mapping.confidence;
    if (mapping.confidence < lowConfidence) low++;
  }
  const mapped = enriched.length - byMethod.none;
  return {
    alerts: enriched.length,
    mapped,
    unmapped: byMethod.none,
    byMethod,
    meanConfidence: mapped > 0 ? confidence / mapped : 0,
    lowConfidence: low,
    services: services.size,
    unmappedServices: [...unmapped]
      .map(([service, alerts]) => ({ service, alerts }))
      .sort((a, b) => b.alerts - a.alerts || ((a.service ?? '') < (b.service ?? '') ? -1 : 1))
      .slice(0, unmappedListed),
  };
}
