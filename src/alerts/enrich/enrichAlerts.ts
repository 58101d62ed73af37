import { QuarterdeckError, type Alert } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import { AlertMapper } from './alertMapper';
import type { EnrichedAlert } from './mapping';
import { mappingStatistics, type MappingStatistics } from './mappingStatistics';
import { contextsOf, type NodeContext } from './nodeContext';

export interface EnrichedAlerts {
  /** In the order of the alerts; none is left out. */
  readonly alerts: readonly EnrichedAlert[];
  /** What lies around a service; worked out when first asked for, then kept. */
  readonly contextOf: (node: number) => NodeContext;
  readonly statistics: MappingStatistics;
}

/**
 * Finds the service of each alert: by its key, by an alias, else by the words in common.
 * @param options minimumScore: points below which words name no service.
 * @throws PARAMETER_INVALID.
 */
export function enrichAlerts(
  alerts: readonly Alert[],
  index: GraphIndex,
  options: { readonly minimumScore: number },
): EnrichedAlerts {
  const { minimumScore } = options;
  if (!(minimumScore >= 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `minimumScore is ${minimumScore}, expected 0 or more`, {
      culprit: { option: 'minimumScore' },
    });
  }
  const mapper = new AlertMapper(index, minimumScore);
  const enriched = alerts.map((alert) => ({ alert, ...mapper.map(alert) }));
  return { alerts: enriched, contextOf: contextsOf(index), statistics: mappingStatistics(enriched) };
}
