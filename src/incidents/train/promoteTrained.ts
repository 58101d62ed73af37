import { isQuarterdeckError, type ModelVersion } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { promoteVersion, techCenterScope, type GateResult } from '../../registry';

/** What became of a trained version. */
export type PromotionOutcome =
  | { readonly state: 'current' }
  | { readonly state: 'candidate'; readonly detail: string }
  | { readonly state: 'refused'; readonly detail: string }
  | { readonly state: 'superseded'; readonly detail: string };

export interface PromotionRequest {
  readonly techCenter: string;
  readonly version: ModelVersion;
  readonly gate: GateResult;
  /** False leaves the version a candidate. */
  readonly wanted: boolean;
  /** A person rolled it back: training the same data again must not undo that. */
  readonly withdrawn: boolean;
}

/** Promotes through the gate; refusal and a later current version are outcomes, not failures. */
export async function promoteTrained(
  platform: Platform,
  { techCenter, version, gate, wanted, withdrawn }: PromotionRequest,
  signal: AbortSignal,
): Promise<PromotionOutcome> {
  if (!wanted) return { state: 'candidate', detail: 'promotion was not asked for' };
  if (withdrawn) return { state: 'candidate', detail: 'it was rolled back; promote it by name to undo that' };
  try {
    await promoteVersion(
      platform,
      techCenterScope(techCenter),
      version,
      { by: 'train', reason: 'trained and passed its gate', gate },
      signal,
    );
    return { state: 'current' };
  } catch (error) {
    if (isQuarterdeckError(error, 'GATE_REFUSED')) return { state: 'refused', detail: error.message };
    if (isQuarterdeckError(error, 'PROMOTION_LOST')) return { state: 'superseded', detail: error.message };
    throw error;
  }
}
