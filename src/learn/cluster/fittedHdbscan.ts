import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel, type ModelArray, type ModelContent } from '../binary';
import { checkMatrix, rowOf, type Matrix } from '../matrix';
import { clusterHierarchy, type CondensedTree } from './condensedTree';
import type { CompleteHdbscanOptions } from './hdbscanOptions';
import { indexOfLargest, MembershipModel, type Membership, type Placement } from './membership';
import { NeighborQueries } from './neighborQueries';
import { predictionData, type PredictionData } from './predictionData';
import { relativeValidity } from './relativeValidity';
import type { SpanningTree } from './rowOrderedTree';

/** Everything a fit finds; `FittedHdbscan` answers questions from it. */
export interface HdbscanContent {
  readonly options: CompleteHdbscanOptions;
  readonly data: Matrix;
  readonly labels: Int32Array;
  readonly probabilities: Float64Array;
  readonly outlierScores: Float64Array;
  readonly persistence: Float64Array;
  /** Selected clusters, counted from the root. */
  readonly selected: Int32Array;
  readonly condensedTree: CondensedTree;
  readonly minimumSpanningTree: SpanningTree;
  readonly predictionCoreDistances: Float64Array;
  readonly order: Int32Array;
}

export interface ClusterPredictions {
  /** −1 is noise. */
  readonly labels: Int32Array;
  /** Membership strength in [0, 1]; 0 for noise. */
  readonly strengths: Float64Array;
}

export interface NearestClusters {
  /** The cluster of each query, the likeliest one for noise; −1 only when there are no clusters. */
  readonly clusters: Int32Array;
  /** Likelihood of membership in that cluster. */
  readonly strengths: Float64Array;
}

const modelKind = 'hdbscan';
const modelVersion = 1;

/** A fitted HDBSCAN* clustering; made by `fitHdbscan` or `hdbscanFromBytes`. */
export class FittedHdbscan {
  /** Row → cluster, −1 for noise. */
  readonly labels: Int32Array;
  /** How firmly a row belongs to its cluster, in [0, 1]; 0 for noise. */
  readonly probabilities: Float64Array;
  /** GLOSH, in [0, 1]; higher is more outlying. */
  readonly outlierScores: Float64Array;
  readonly clusterCount: number;
  /** Persistence of each cluster over scales, in [0, 1]. */
  readonly persistence: Float64Array;
  readonly condensedTree: CondensedTree;
  readonly minimumSpanningTree: SpanningTree & { readonly totalWeight: number };
  /** Density-based validity from the spanning tree, in [−1, 1]; compares clusterings of the same data. */
  readonly relativeValidity: number;
  readonly options: CompleteHdbscanOptions;
  readonly dimensions: number;
  private prediction: PredictionData | undefined;
  private neighborQueries: NeighborQueries | undefined;
  private membershipModel: MembershipModel | undefined;

  constructor(private readonly content: HdbscanContent) {
    this.labels = content.labels;
    this.probabilities = content.probabilities;
    this.outlierScores = content.outlierScores;
    this.clusterCount = content.selected.length;
    this.persistence = content.persistence;
    this.condensedTree = content.condensedTree;
    let totalWeight = 0;
    for (const weight of content.minimumSpanningTree.weights) totalWeight += weight;
    this.minimumSpanningTree = { ...content.minimumSpanningTree, totalWeight };
    this.relativeValidity = relativeValidity(content.minimumSpanningTree, content.labels, this.clusterCount);
    this.options = content.options;
    this.dimensions = content.data.d;
  }

  /**
   * Cluster and membership strength of new points in the clusters as they stand (`approximate_predict`): a
   * point joins its nearest row under mutual reachability, or the cluster around that row at the density the
   * point has. Without any split in the hierarchy every answer is noise.
   * @param queries q × d. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE
   */
  predict(queries: Matrix): ClusterPredictions {
    this.checkQueries(queries);
    const labels = new Int32Array(queries.n).fill(-1);
    const strengths = new Float64Array(queries.n);
    const { hierarchy, rowCluster, rowLambda, cover, selected } = this.placing();
    if (hierarchy.count === 1) return { labels, strengths };
    for (let query = 0; query < queries.n; query++) {
      const { row, lambda } = this.place(queries, query);
      let cluster = rowCluster[row]!;
      if (rowLambda[row]! > lambda) {
        while (cluster > 0 && hierarchy.birth[cluster]! >= lambda) cluster = hierarchy.parent[cluster]!;
      }
      const label = cover[cluster]!;
      if (label < 0) continue;
      const longest = hierarchy.death[selected[label]!]!;
      labels[query] = label;
      // A point that stands on rows of its cluster belongs to it fully, even where lambda has no end.
      strengths[query] = lambda >= longest || lambda === Number.MAX_VALUE ? 1 : lambda / longest;
    }
    return { labels, strengths };
  }

  /** Likelihood of new points for each cluster (`membership_vector`). @param queries q × d. */
  membership(queries: Matrix): Membership {
    this.checkQueries(queries);
    return this.soft().ofQueries(queries, (query) => this.place(queries, query));
  }

  /** Likelihood of the fitted rows for each cluster (`all_points_membership_vectors`). */
  allPointsMembership(): Membership {
    return this.soft().ofRows();
  }

  /**
   * The cluster of each query, and for what `predict` calls noise the likeliest one. Likelihood is `membership`
   * with a point's own density as the limit. @param queries q × d.
   */
  nearestClusters(queries: Matrix): NearestClusters {
    const { labels: nearest } = this.predict(queries);
    const strengths = new Float64Array(queries.n);
    const place = (query: number): Placement => this.place(queries, query);
    const { values, clusters } = this.soft().boundedOfQueries(queries, place);
    if (clusters === 0) return { clusters: nearest, strengths };
    for (let query = 0; query < queries.n; query++) {
      const row = values.subarray(query * clusters, (query + 1) * clusters);
      if (nearest[query]! < 0) nearest[query] = indexOfLargest(row);
      strengths[query] = row[nearest[query]!]!;
    }
    return { clusters: nearest, strengths };
  }

  toBytes(): Uint8Array {
    const { content } = this;
    const tree = content.condensedTree;
    const spanning = content.minimumSpanningTree;
    return encodeModel(modelKind, modelVersion, {
      parameters: { ...content.options, n: content.data.n, d: content.data.d, clusters: tree.clusterCount },
      arrays: {
        data: content.data.values,
        labels: content.labels,
        probabilities: content.probabilities,
        outlierScores: content.outlierScores,
        persistence: content.persistence,
        selected: content.selected,
        treeParent: tree.parent,
        treeChild: tree.child,
        treeLambda: tree.lambda,
        treeSize: tree.size,
        edgeFrom: spanning.from,
        edgeTo: spanning.to,
        edgeWeights: spanning.weights,
        predictionCoreDistances: content.predictionCoreDistances,
        order: content.order,
      },
    });
  }

  private placing(): PredictionData {
    this.prediction ??= predictionData(
      this.condensedTree,
      clusterHierarchy(this.condensedTree),
      Array.from(this.content.selected),
    );
    return this.prediction;
  }

  private soft(): MembershipModel {
    this.membershipModel ??= new MembershipModel(this.placing(), this.content.data);
    return this.membershipModel;
  }

  /** The row that is nearest under mutual reachability, and the lambda of that reach. */
  private place(queries: Matrix, query: number): Placement {
    const { data, order, predictionCoreDistances } = this.content;
    const { minSamples } = this.options;
    this.neighborQueries ??= new NeighborQueries(data, order, Math.min(2 * minSamples, data.n));
    const { rows, distances } = this.neighborQueries.nearest(rowOf(queries, query));
    const core = distances[Math.min(minSamples, data.n - 1)]!;
    let row = rows[0]!;
    let reach = Infinity;
    for (let index = 0; index < rows.length; index++) {
      const toRow = Math.max(core, predictionCoreDistances[rows[index]!]!, distances[index]!);
      if (toRow < reach) {
        reach = toRow;
        row = rows[index]!;
      }
    }
    return { row, lambda: reach > 0 ? 1 / reach : Number.MAX_VALUE };
  }

  private checkQueries(queries: Matrix): void {
    if (queries.n === 0) return;
    if (queries.d !== this.dimensions) {
      throw new QuarterdeckError(
        'DATA_WIDTH_MISMATCH',
        `the queries have ${queries.d} columns, the model was fitted on ${this.dimensions}`,
      );
    }
    checkMatrix(queries);
  }
}

/** @throws MODEL_BYTES_INVALID */
export function hdbscanFromBytes(bytes: Uint8Array): FittedHdbscan {
  const { parameters, arrays } = decodeModel(modelKind, modelVersion, bytes);
  const { n, d, clusters, ...options } = parameters as unknown as CompleteHdbscanOptions & {
    n: number;
    d: number;
    clusters: number;
  };
  const values = float32(arrays, 'data');
  const labels = int32(arrays, 'labels');
  if (values.length !== n * d || labels.length !== n) {
    throw new QuarterdeckError(
      'MODEL_BYTES_INVALID',
      `the arrays are not those of ${n} rows and ${d} columns`,
    );
  }
  return new FittedHdbscan({
    options,
    data: { values, n, d },
    labels,
    probabilities: float64(arrays, 'probabilities'),
    outlierScores: float64(arrays, 'outlierScores'),
    persistence: float64(arrays, 'persistence'),
    selected: int32(arrays, 'selected'),
    condensedTree: {
      n,
      parent: int32(arrays, 'treeParent'),
      child: int32(arrays, 'treeChild'),
      lambda: float64(arrays, 'treeLambda'),
      size: int32(arrays, 'treeSize'),
      clusterCount: clusters,
    },
    minimumSpanningTree: {
      from: int32(arrays, 'edgeFrom'),
      to: int32(arrays, 'edgeTo'),
      weights: float64(arrays, 'edgeWeights'),
    },
    predictionCoreDistances: float64(arrays, 'predictionCoreDistances'),
    order: int32(arrays, 'order'),
  });
}

type Arrays = ModelContent['arrays'];

function arrayOf<Kind extends ModelArray>(
  arrays: Arrays,
  name: string,
  kind: abstract new (...values: never[]) => Kind,
): Kind {
  const array = arrays[name];
  if (array instanceof kind) return array;
  throw new QuarterdeckError('MODEL_BYTES_INVALID', `the array ${name} is missing or of another type`);
}

const float32 = (arrays: Arrays, name: string): Float32Array => arrayOf(arrays, name, Float32Array);
const float64 = (arrays: Arrays, name: string): Float64Array => arrayOf(arrays, name, Float64Array);
const int32 = (arrays: Arrays, name: string): Int32Array => arrayOf(arrays, name, Int32Array);
