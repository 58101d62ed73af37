import type { Random } from '../../contracts';
import type { LloydSteps } from './lloyd';

/** Candidates that the kernel weighs at once. */
const atOnce = 4;

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007, section 5; scikit-learn's `_kmeans_plusplus`): every further centroid
 * is the best of 2 + ln k rows drawn with probability proportional to the squared distance from the centroids so far.
 */
export function startCentroids(steps: LloydSteps, random: Random): void {
  const { n, clusters } = steps;
  steps.begin();
  const first = random.integer(n);
  steps.weigh([first]);
  steps.take(first, 0, 0);
  const trials = 2 + Math.floor(Math.log(clusters));
  const cumulated = new Float64Array(n);
  for (let cluster = 1; cluster < clusters; cluster++) {
    const total = cumulate(steps.closest, cumulated);
    const candidates = Array.from({ length: trials }, () =>
      total > 0 ? drawFrom(cumulated, random.next() * total) : random.integer(n),
    );
    const best = bestOf(steps, candidates);
    // The lines of the candidates weighed before are overwritten by the last: this one is weighed again.
    steps.weigh([best]);
    steps.take(best, cluster, 0);
  }
}

function bestOf(steps: LloydSteps, candidates: readonly number[]): number {
  let best = candidates[0]!;
  let least = Infinity;
  for (let from = 0; from < candidates.length; from += atOnce) {
    const group = candidates.slice(from, from + atOnce);
    steps.weigh(group).forEach((total, index) => {
      if (total < least) {
        least = total;
        best = group[index]!;
      }
    });
  }
  return best;
}

function cumulate(values: Float32Array, cumulated: Float64Array): number {
  let sum = 0;
  for (let row = 0; row < values.length; row++) {
    sum += values[row]!;
    cumulated[row] = sum;
  }
  return sum;
}

/** First place whose cumulated value is above `drawn`. */
function drawFrom(cumulated: Float64Array, drawn: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulated[middle]! > drawn) high = middle;
    else low = middle + 1;
  }
  return low;
}
