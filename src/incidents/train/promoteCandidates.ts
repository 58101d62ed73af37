import { isQuarterdeckError, QuarterdeckError, type ModelVersion } from '../../contracts';
import type { Platform } from '../../platform/platform';
import {
  compareVersions,
  listVersions,
  readManifest,
  readPointer,
  storedGate,
  techCenterScope,
} from '../../registry';
import { promoteTrained, type PromotionOutcome } from './promoteTrained';

export interface CandidatePromotion {
  readonly techCenter: string;
  readonly version: ModelVersion | null;
  /** `nothing` when the centre has no candidate later than its current version. */
  readonly state: PromotionOutcome['state'] | 'nothing';
  readonly detail: string | null;
}

/**
 * Promotes, by a person's order, the newest version of each centre that is later than its current one, or the named
 * version, which may be one that was rolled back. The gate is the one of the training. A damaged version is refused,
 * and the other centres go on.
 *
 * @throws MODEL_MISSING when a centre named together with a version does not have it
 */
export async function promoteCandidates(
  platform: Platform,
  order: { readonly techCenters?: readonly string[]; readonly version?: ModelVersion },
  signal: AbortSignal,
): Promise<CandidatePromotion[]> {
  const centers =
    order.techCenters ?? (await platform.warehouse.techCenters(signal)).map(({ techCenter }) => techCenter);
  const promotions: CandidatePromotion[] = [];
  for (const techCenter of centers) {
    const version = await candidateOf(platform, techCenter, order, signal);
    if (version === undefined) {
      promotions.push({ techCenter, version: null, state: 'nothing', detail: 'there is no candidate' });
      continue;
    }
    const outcome = await promoteOne(platform, techCenter, version, signal);
    promotions.push({
      techCenter,
      version,
      state: outcome.state,
      detail: 'detail' in outcome ? outcome.detail : null,
    });
  }
  return promotions;
}

async function promoteOne(
  platform: Platform,
  techCenter: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<PromotionOutcome> {
  try {
    const manifest = await readManifest(platform, techCenterScope(techCenter), version, signal);
    return await promoteTrained(
      platform,
      { techCenter, version, gate: storedGate(manifest), wanted: true, withdrawn: false },
      signal,
    );
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error, { techCenter, version });
    return { state: 'refused', detail: error.message };
  }
}

async function candidateOf(
  platform: Platform,
  techCenter: string,
  order: { readonly techCenters?: readonly string[]; readonly version?: ModelVersion },
  signal: AbortSignal,
): Promise<ModelVersion | undefined> {
  const scope = techCenterScope(techCenter);
  const entries = await listVersions(platform, scope, signal);
  if (order.version !== undefined) {
    if (entries.some(({ version }) => version === order.version)) return order.version;
    if (order.techCenters === undefined) return undefined;
    throw new QuarterdeckError('MODEL_MISSING', `${techCenter} has no version ${order.version}`, {
      culprit: { blob: scope },
    });
  }
  const current = await currentOf(platform, scope, signal);
  const newest = entries.filter(({ withdrawn }) => !withdrawn).at(-1)?.version;
  if (newest === undefined) return undefined;
  return current === undefined || compareVersions(newest, current) > 0 ? newest : undefined;
}

/** Undefined without a pointer, and for one that cannot be read: the promotion replaces that. */
async function currentOf(
  platform: Platform,
  scope: string,
  signal: AbortSignal,
): Promise<ModelVersion | undefined> {
  try {
    return (await readPointer(platform, scope, signal))?.pointer.version;
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error, { scope });
    return undefined;
  }
}
