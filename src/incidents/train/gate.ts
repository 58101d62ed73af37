import type { GateCheck } from '../../registry';

/** How good a clustering is on a set of rows. */
export interface Quality {
  readonly clusters: number;
  /** Share of the rows in no cluster. */
  readonly noiseShare: number;
  /**
   * Mean silhouette in the embedding space times the share of rows clustered: a row in no cluster counts as zero,
   * so that a model cannot look better by giving rows up. Null under two clusters, when there is none.
   */
  readonly silhouette: number | null;
  /** Relative validity (DBCV, Moulavi et al. 2014) of the fit; null for a model that only predicts the rows. */
  readonly relativeValidity: number | null;
}

export interface GateLimits {
  /** GATE_MAXIMUM_NOISE */
  readonly maximumNoise: number;
  /** GATE_TOLERANCE: how much silhouette may be lost against the current version. */
  readonly tolerance: number;
}

/** A clustering into one part separates nothing. */
const fewestClusters = 2;

/**
 * The conditions under which a new version may take the place of the current one: it is not degenerate, its scores
 * are numbers, and it is not clearly worse than the current version on the same rows.
 *
 * @param candidate the new version on all of its training rows
 * @param comparison both versions on the same sample of the new rows; undefined when no current version can be used
 */
export function gateChecks(
  candidate: Quality,
  comparison: { candidate: Quality; current: Quality } | undefined,
  limits: GateLimits,
): GateCheck[] {
  const { clusters, noiseShare, silhouette, relativeValidity } = candidate;
  const checks: GateCheck[] = [
    {
      name: 'clusters',
      value: clusters,
      limit: fewestClusters,
      passed: clusters >= fewestClusters,
      reason: `${clusters} clusters, at least ${fewestClusters} are needed`,
    },
    {
      name: 'noise',
      value: noiseShare,
      limit: limits.maximumNoise,
      passed: noiseShare < limits.maximumNoise,
      reason: `${percent(noiseShare)} of the rows are noise, the limit is ${percent(limits.maximumNoise)}`,
    },
    recordedScore('silhouette', silhouette),
    recordedScore('relativeValidity', relativeValidity),
  ];
  const ours = comparison?.candidate.silhouette ?? null;
  const theirs = comparison?.current.silhouette ?? null;
  if (theirs !== null) {
    const limit = theirs - limits.tolerance;
    checks.push({
      name: 'notWorseThanCurrent',
      value: ours,
      limit,
      passed: ours !== null && ours >= limit,
      reason:
        `silhouette ${ours?.toFixed(3) ?? 'none'} against ${theirs.toFixed(3)} of the current version ` +
        `on the same rows, tolerance ${limits.tolerance}`,
    });
  }
  return checks;
}

/** A score without a limit of its own: it only has to be a number. */
function recordedScore(name: string, value: number | null): GateCheck {
  return {
    name,
    value,
    limit: null,
    passed: value !== null && Number.isFinite(value),
    reason: `${name} is ${value === null ? 'not defined' : value.toFixed(3)}`,
  };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
