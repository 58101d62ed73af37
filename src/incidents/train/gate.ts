/** The promotion gate: whether a new version may take the place of the current one. */

/** How good a clustering is on a set of rows. */
export interface Quality {
  readonly clusters: number;
  /** Share of the rows in no cluster. */
  readonly noiseShare: number;
  /**
   * Mean silhouette in the embedding space times the share of rows clustered: a row in no cluster counts as zero,
   * so that a model cannot look better by giving rows up. Null when there is nothing to compare (under two clusters).
   */
  readonly silhouette: number | null;
  /** Relative validity (DBCV, Moulavi et al. 2014) of the fit; null for a model that only predicts. */
  readonly relativeValidity: number | null;
}

export type GateReason =
  'single-cluster' | 'too-much-noise' | 'no-silhouette' | 'worse-than-current' | 'not-finite';

export interface GateReport {
  readonly passed: boolean;
  readonly reasons: readonly { readonly reason: GateReason; readonly detail: string }[];
}

export interface GateLimits {
  /** GATE_MAXIMUM_NOISE */
  readonly maximumNoise: number;
  /** GATE_TOLERANCE: how much silhouette may be lost against the current version. */
  readonly tolerance: number;
}

/**
 * @param candidate the new version on all of its training rows
 * @param comparison both versions on the same sample of the new rows; undefined when there is no current version
 *   that can be used
 */
export function checkGate(
  candidate: Quality,
  comparison: { candidate: Quality; current: Quality } | undefined,
  limits: GateLimits,
): GateReport {
  const reasons: { reason: GateReason; detail: string }[] = [];
  const refuse = (reason: GateReason, detail: string): void => {
    reasons.push({ reason, detail });
  };
  const numbers = [candidate.noiseShare, candidate.silhouette, candidate.relativeValidity];
  if (numbers.some((value) => value !== null && !Number.isFinite(value))) {
    refuse('not-finite', 'a score of the new version is not a number');
  }
  if (candidate.clusters < 2) refuse('single-cluster', `${candidate.clusters} clusters, two are needed`);
  else if (candidate.silhouette === null) refuse('no-silhouette', 'the new version has no silhouette');
  if (candidate.noiseShare >= limits.maximumNoise) {
    refuse(
      'too-much-noise',
      `${percent(candidate.noiseShare)} of the rows are noise, the limit is ${percent(limits.maximumNoise)}`,
    );
  }
  const ours = comparison?.candidate.silhouette ?? null;
  const theirs = comparison?.current.silhouette ?? null;
  if (ours !== null && theirs !== null && ours < theirs - limits.tolerance) {
    refuse(
      'worse-than-current',
      `silhouette ${ours.toFixed(3)} against ${theirs.toFixed(3)} of the current version on the same rows, ` +
        `tolerance ${limits.tolerance}`,
    );
  }
  return { passed: reasons.length === 0, reasons };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
