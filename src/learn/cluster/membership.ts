import type { Matrix } from '../matrix';
import type { PredictionData } from './predictionData';

/**
 * Soft clustering: how likely a point is a member of each selected cluster, from its distance to the clusters'
 * exemplars and from where it leaves the hierarchy. As `membership_vector` and `all_points_membership_vectors`
 * of the Python package (hdbscan/prediction.py).
 */

/** n × clusters, row-major. A row sums to the likelihood of being in any cluster. */
export interface Membership {
  readonly values: Float64Array;
  readonly n: number;
  readonly clusters: number;
}

/** Keeps divisions by lambdas from meeting zero; the Python package has the same. */
const lambdaGuard = 1e-8;

/** A point's place: the fitted row it joins, and the lambda at which it leaves. */
export interface Placement {
  readonly row: number;
  readonly lambda: number;
}

/**
 * Where the paths up from two clusters meet: for a point of `cluster`, the lambda at which it parts from each
 * selected cluster; NaN where one lies above the other, so that the point's own lambda counts.
 */
function mergeLambdas({ hierarchy, selected }: PredictionData, cluster: number): Float64Array {
  return Float64Array.from(selected, (target) => {
    let left = cluster;
    let right = target;
    let last = -1;
    let leftRose = false;
    let rightRose = false;
    while (left !== right) {
      if (left > right) {
        last = left;
        left = hierarchy.parent[left]!;
        leftRose = true;
      } else {
        last = right;
        right = hierarchy.parent[right]!;
        rightRose = true;
      }
    }
    return leftRose && rightRose ? hierarchy.birth[last]! : NaN;
  });
}

/** Answers for one set of fitted clusters, remembering what depends on a point's cluster alone. */
export class MembershipModel {
  private readonly parting = new Map<number, Float64Array>();
  private readonly exemplarValues: readonly Float64Array[];

  constructor(
    private readonly prediction: PredictionData,
    private readonly data: Matrix,
  ) {
    const { d, values } = data;
    this.exemplarValues = prediction.exemplars.map((rows) => {
      const copy = new Float64Array(rows.length * d);
      rows.forEach((row, index) => copy.set(values.subarray(row * d, (row + 1) * d), index * d));
      return copy;
    });
  }

  private heights(cluster: number, lambda: number): Float64Array {
    let known = this.parting.get(cluster);
    if (!known) {
      known = mergeLambdas(this.prediction, cluster);
      this.parting.set(cluster, known);
    }
    return known.map((at) => (Number.isNaN(at) ? lambda : at));
  }

  /** Shares of 1 / distance to the nearest exemplar of each cluster. */
  private distanceShares(values: Float32Array, row: number): Float64Array {
    const d = this.data.d;
    const inverse = Float64Array.from(this.exemplarValues, (exemplars) => {
      let nearest = Infinity;
      for (let start = 0; start < exemplars.length; start += d) {
        let sum = 0;
        for (let column = 0; column < d && sum < nearest; column++) {
          const difference = values[row * d + column]! - exemplars[start + column]!;
          sum += difference * difference;
        }
        if (sum < nearest) nearest = sum;
      }
      return nearest > 0 ? 1 / Math.sqrt(nearest) : Number.MAX_VALUE / this.exemplarValues.length;
    });
    return shares(inverse);
  }

  /** Membership of new points, given where each is placed. */
  ofQueries(queries: Matrix, place: (query: number) => Placement): Membership {
    return this.membershipOf(queries, place, Infinity);
  }

  /**
   * The same, but no point parts from a cluster later than it leaves the hierarchy itself. Without that, points
   * far from everything seem likelier members of whatever cluster is not the nearest.
   */
  boundedOfQueries(queries: Matrix, place: (query: number) => Placement): Membership {
    return this.membershipOf(queries, place, 0);
  }

  /** Heights count up to the point's own lambda, or `cap` where that is more. */
  private membershipOf(queries: Matrix, place: (query: number) => Placement, cap: number): Membership {
    const { selected, hierarchy, rowCluster, rowLambda } = this.prediction;
    const clusters = selected.length;
    const values = new Float64Array(queries.n * clusters);
    if (clusters === 0) return { values, n: queries.n, clusters };
    for (let query = 0; query < queries.n; query++) {
      const placement = place(query);
      const cluster = rowCluster[placement.row]!;
      const lambda = Math.min(placement.lambda, rowLambda[placement.row]!);
      const byDistance = this.distanceShares(queries.values, query);
      const longest = hierarchy.death[cluster]!;
      // The Python package passes the lambda on in single precision here, and only here.
      const byOutlyingness = softmax(
        this.heights(cluster, Math.fround(lambda)).map((height) =>
          outlyingness(longest, Math.min(height, Math.max(cap, lambda))),
        ),
      );
      const joint = shares(byDistance.map((share, index) => Math.sqrt(share) * byOutlyingness[index]! ** 2));
      const heights = this.heights(cluster, lambda);
      const highest = indexOfLargest(heights);
      const inAny = ratio(
        Math.min(heights[highest]!, Math.max(cap, lambda)),
        Math.max(lambda, hierarchy.death[selected[highest]!]!) + lambdaGuard,
      );
      values.set(
        joint.map((share) => share * inAny),
        query * clusters,
      );
    }
    return { values, n: queries.n, clusters };
  }

  /** Membership of the fitted rows themselves. */
  ofRows(): Membership {
    const { selected, hierarchy, rowCluster, rowLambda } = this.prediction;
    const clusters = selected.length;
    const n = this.data.n;
    const values = new Float64Array(n * clusters);
    if (clusters === 0) return { values, n, clusters };
    for (let row = 0; row < n; row++) {
      const cluster = rowCluster[row]!;
      const lambda = rowLambda[row]!;
      const heights = this.heights(cluster, lambda);
      const longest = hierarchy.death[cluster]! + lambdaGuard;
      const byDistance = this.distanceShares(this.data.values, row);
      const byOutlyingness = softmax(heights.map((height) => Math.exp(-ratio(longest, height))));
      const joint = shares(byDistance.map((share, index) => share * byOutlyingness[index]!));
      const highest = indexOfLargest(heights);
      const inAny = ratio(heights[highest]!, Math.max(hierarchy.death[selected[highest]!]!, lambda));
      values.set(
        joint.map((share) => share * inAny),
        row * clusters,
      );
    }
    return { values, n, clusters };
  }
}

/** a / b, and 1 for equal values though both are infinite, as lambdas between identical rows are. */
function ratio(a: number, b: number): number {
  return a === b ? 1 : a / b;
}

/** Rises without end as the height nears the longest that any row of the cluster stays. */
function outlyingness(longest: number, height: number): number {
  if (longest === Infinity) return height === Infinity ? 1 / lambdaGuard : 1;
  return longest / (longest > height ? longest - height : lambdaGuard);
}

function shares(weights: Float64Array): Float64Array {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => weight / sum);
}

function softmax(scores: Float64Array): Float64Array {
  let most = -Infinity;
  for (const score of scores) if (score > most) most = score;
  return shares(scores.map((score) => Math.exp(score - most)));
}

/** The first of the largest. */
export function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index]! > values[best]!) best = index;
  return best;
}
