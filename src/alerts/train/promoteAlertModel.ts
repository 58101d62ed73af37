import { isQuarterdeckError, QuarterdeckError, type ModelVersion, type Pointer } from '../../contracts';
import {
  compareVersions,
  listVersions,
  promoteVersion,
  readManifest,
  readPointer,
  rollback,
  storedGate,
  type GateResult,
  type RegistryPlatform,
} from '../../registry';
import { alertClusterScope } from '../model';

/** What became of a trained version. */
export type PromotionOutcome =
  { readonly state: 'promoted' } | { readonly state: 'candidate'; readonly detail: string };

/** Promotes through the gate; a refusal, or a later version that is current, leaves a candidate. */
export async function promoteThroughGate(
  platform: RegistryPlatform,
  version: ModelVersion,
  gate: GateResult,
  signal: AbortSignal,
): Promise<PromotionOutcome> {
  const order = { by: 'alert-train', reason: 'trained and passed its gate', gate };
  try {
    await promoteVersion(platform, alertClusterScope, version, order, signal);
    return { state: 'promoted' };
  } catch (error) {
    if (isQuarterdeckError(error, 'GATE_REFUSED') || isQuarterdeckError(error, 'PROMOTION_LOST')) {
      return { state: 'candidate', detail: error.message };
    }
    throw error;
  }
}

export interface PromotionByHand {
  readonly by: string;
  readonly reason: string;
  /** The newest version later than the current one when left out. */
  readonly version?: ModelVersion;
}

/**
 * Makes a version current by a person's order, through the gate of its training; also one that was rolled back.
 * @throws MODEL_MISSING when there is no such version, or no candidate; GATE_REFUSED, MODEL_CORRUPT, PROMOTION_LOST
 */
export async function promoteAlertModel(
  platform: RegistryPlatform,
  { by, reason, version }: PromotionByHand,
  signal: AbortSignal,
): Promise<Pointer> {
  const chosen = version ?? (await newestCandidate(platform, signal));
  const manifest = await readManifest(platform, alertClusterScope, chosen, signal);
  return promoteVersion(
    platform,
    alertClusterScope,
    chosen,
    { by, reason, gate: storedGate(manifest) },
    signal,
  );
}

async function newestCandidate(platform: RegistryPlatform, signal: AbortSignal): Promise<ModelVersion> {
  const current = (await readPointer(platform, alertClusterScope, signal))?.pointer.version;
  const entries = await listVersions(platform, alertClusterScope, signal);
  const newest = entries.filter(({ withdrawn }) => !withdrawn).at(-1)?.version;
  if (newest !== undefined && (current === undefined || compareVersions(newest, current) > 0)) return newest;
  throw new QuarterdeckError(
    'MODEL_MISSING',
    `the model of alerts has no candidate later than ${current ?? 'none'}`,
    { culprit: { blob: alertClusterScope } },
  );
}

/**
 * Goes back to `to`, or to the version before the current one, which no fallback chooses any more.
 * @throws as `rollback` of the registry
 */
export function rollbackAlertModel(
  platform: RegistryPlatform,
  order: { readonly by: string; readonly reason: string; readonly to?: ModelVersion },
  signal: AbortSignal,
): Promise<Pointer> {
  return rollback(platform, alertClusterScope, order, signal);
}
