import type { Random } from '../../contracts';
import { clusterAlgorithms } from './alertClusterModel';
import type { ClusterCandidate } from './candidates';
import { intervalOfMean, type ClusterScore, type IntervalOptions } from './scoreClusters';

export interface ScoredCandidate extends ClusterCandidate {
  readonly score: ClusterScore;
}

/**
 * A clustering that leaves more than this in one part tells hardly anything apart: the silhouette likes to part a few
 * rows far away from all the rest, and with two such strays more or less it is another clustering each week.
 */
const mostInOneCluster = 0.8;

/**
 * Of the candidates that tell alerts apart (of all, when none does) the simplest that the best one does not clearly beat: the interval of the difference of both, row by row
 * on the same rows, reaches down to 0. Simplicity: the algorithm first (centroids before radii before hierarchies of
 * density), then fewer clusters.
 */
export function chooseCandidate(
  all: readonly ScoredCandidate[],
  random: Random,
  options: IntervalOptions,
): ScoredCandidate {
  const telling = all.filter(({ score }) => score.largestShare <= mostInOneCluster);
  const candidates = telling.length > 0 ? telling : all;
  const best = candidates.reduce((leader, other) => (other.score.mean > leader.score.mean ? other : leader));
  const simplestFirst = [...candidates].sort(
    (a, b) => complexity(a) - complexity(b) || a.model.clusters - b.model.clusters,
  );
  for (const candidate of simplestFirst) {
    if (candidate === best) return best;
    const gain = best.score.ofRow.map((value, row) => value - candidate.score.ofRow[row]!);
    if (intervalOfMean(gain, random.fork('gain'), options).lower <= 0) return candidate;
  }
  return best;
}

function complexity({ model }: ScoredCandidate): number {
  return clusterAlgorithms.indexOf(model.algorithm);
}
