import type { BootstrapInterval } from '../../learn/score';
import type { HeldOutQuality } from './heldOutJudge';

export interface ModelComparison {
  /** Held-out alerts that judged. */
  readonly rows: number;
  readonly candidate: HeldOutQuality;
  readonly current: HeldOutQuality;
  /** Difference of the scores, candidate less current, with its interval. */
  readonly improvement: { readonly estimate: number; readonly lower: number; readonly upper: number };
  /** The difference as a share of the current score's size. */
  readonly relativeImprovement: number;
  /** Scores of models learned from halves of the alerts; empty where the rows alone decide already. */
  readonly replicates: readonly number[];
}

/** How much better the silhouette has to be, as a share of the current one. */
export const leastImprovement = 0.05;
/** Models learned from halves. */
export const replicateCount = 6;
/** Quantile of Student's t with `replicateCount − 1` degrees of freedom that leaves 2.5 % above. */
const studentQuantile = 2.5706;

export function compare(
  rows: number,
  candidate: HeldOutQuality,
  current: HeldOutQuality,
  difference: BootstrapInterval,
): ModelComparison {
  const { estimate, lower, upper } = difference;
  return {
    rows,
    candidate,
    current,
    improvement: { estimate, lower, upper },
    relativeImprovement: share(estimate, current.score),
    replicates: [],
  };
}

/** Whether the rows alone would have the candidate promoted: only then is it worth asking how much was luck. */
export function looksBetter({ improvement, relativeImprovement }: ModelComparison): boolean {
  return relativeImprovement > leastImprovement && improvement.lower > 0;
}

/**
 * The interval with the luck of learning in it. Two models of the same alerts differ, because each was drawn from a
 * sample and the choice among clusterings hangs on little; the rows' own interval knows nothing of that and calls such
 * luck an improvement. Models learned from random halves vary around the one of all as that varies around the truth
 * (half-sampling: McCarthy 1969; Efron 1982, chapter 8), and the current model had luck of the same size.
 */
export function withLuckOfLearning(
  comparison: ModelComparison,
  difference: BootstrapInterval,
  replicates: readonly number[],
): ModelComparison {
  const mean = replicates.reduce((sum, score) => sum + score, 0) / replicates.length;
  const variance = replicates.reduce((sum, score) => sum + (score - mean) ** 2, 0) / (replicates.length - 1);
  const deviation = Math.sqrt(difference.standardError ** 2 + 2 * variance);
  const { estimate, lower, upper } = comparison.improvement;
  return {
    ...comparison,
    improvement: {
      estimate,
      lower: Math.min(lower, estimate - studentQuantile * deviation),
      upper: Math.max(upper, estimate + studentQuantile * deviation),
    },
    replicates,
  };
}

/** Against a current score of 0 any gain is without bounds, and a loss too. */
function share(difference: number, of: number): number {
  if (of !== 0) return difference / Math.abs(of);
  return difference === 0 ? 0 : Math.sign(difference) * Number.MAX_VALUE;
}
