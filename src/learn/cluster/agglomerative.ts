import { setImmediate as turn } from 'node:timers/promises';
import { QuarterdeckError } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { DisjointSets } from './disjointSets';
import { NeighborChain, type FoundJoins } from './neighborChain';
import { pairDistances } from './pairDistances';
import { checkAborted, type RunControl } from '../run';

export interface AgglomerativeOptions {
  /** `ward` joins what raises the variance within groups least, `average` and `complete` by mean and largest distance. */
  readonly linkage: 'ward' | 'average' | 'complete';
  /** Cosine distance is 1 − cosine; a row of zeros is at distance 1 from all. Ward takes `euclidean` only. */
  readonly metric?: 'euclidean' | 'cosine';
}

/** Where to cut the dendrogram: into so many groups, or above all joins up to a distance. */
export type Cut = { readonly clusters: number } | { readonly distance: number };

/** Pair distances are held in memory: n² / 2 of them, eight bytes each; this many rows take 0.8 GB. */
const mostRows = 14_000;
/** Joins between two turns of the event loop. */
const joinsPerTurn = 64;

/** A dendrogram of n rows. Join m makes node n + m of two nodes; nodes below n are rows. */
export class FittedAgglomerative {
  constructor(
    readonly n: number,
    readonly left: Int32Array,
    readonly right: Int32Array,
    /** Height of each join, never falling. */
    readonly distance: Float64Array,
    /** Rows below each join. */
    readonly size: Int32Array,
  ) {}

  /**
   * Group of each row, numbered by first appearance.
   * @throws PARAMETER_INVALID
   */
  cut(at: Cut): Int32Array {
    const joins = 'clusters' in at ? this.joinsFor(at.clusters) : this.joinsUpTo(at.distance);
    const group = Int32Array.from({ length: this.n + joins }, (_, node) => node);
    for (let join = joins - 1; join >= 0; join--) {
      group[this.left[join]!] = group[this.n + join]!;
      group[this.right[join]!] = group[this.n + join]!;
    }
    const numbers = new Map<number, number>();
    return Int32Array.from({ length: this.n }, (_, row) => {
      const node = group[row]!;
      if (!numbers.has(node)) numbers.set(node, numbers.size);
      return numbers.get(node)!;
    });
  }

  private joinsFor(clusters: number): number {
    if (!Number.isInteger(clusters) || clusters < 1 || clusters > this.n) {
      throw new QuarterdeckError(
        'PARAMETER_INVALID',
        `clusters is ${clusters}, a whole number from 1 to ${this.n} is needed`,
        { culprit: { option: 'clusters' } },
      );
    }
    return this.n - clusters;
  }

  private joinsUpTo(distance: number): number {
    if (!(distance >= 0)) {
      throw new QuarterdeckError(
        'PARAMETER_INVALID',
        `distance is ${distance}, a number from 0 up is needed`,
        {
          culprit: { option: 'distance' },
        },
      );
    }
    const above = this.distance.findIndex((height) => height > distance);
    return above < 0 ? this.distance.length : above;
  }
}

/**
 * Hierarchical grouping by the nearest-neighbour chain (Murtagh 1983; Müllner 2011) with the Lance-Williams
 * update: O(n²) time, n² / 2 distances in memory. Heights are scipy's `linkage` heights.
 *
 * @param data n × d, n ≥ 2; left untouched.
 * @throws PARAMETER_INVALID, DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_NOT_FINITE, DATA_RAGGED, ABORTED
 */
export async function fitAgglomerative(
  data: Matrix,
  options: AgglomerativeOptions,
  control: RunControl = {},
): Promise<FittedAgglomerative> {
  checkOptions(options);
  checkMatrix(data, { minimumRows: 2 });
  if (data.n > mostRows) {
    throw new QuarterdeckError('INPUT_TOO_LARGE', `${data.n} rows, at most ${mostRows} can be grouped`);
  }
  checkAborted(control);
  const pairs = pairDistances(data, options);
  const chain = new NeighborChain(data.n, pairs, options.linkage);
  for (let done = 0; done < data.n - 1; done++) {
    chain.join();
    if (done % joinsPerTurn === joinsPerTurn - 1) {
      control.onProgress?.({ stage: 'grouping', done: done + 1, total: data.n - 1 });
      await turn();
      checkAborted(control);
    }
  }
  control.onProgress?.({ stage: 'grouping', done: data.n - 1, total: data.n - 1 });
  return dendrogram(data.n, chain.found());
}

function checkOptions({ linkage, metric }: AgglomerativeOptions): void {
  const refuse = (option: string, why: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', why, { culprit: { option } });
  };
  if (!['ward', 'average', 'complete'].includes(linkage)) {
    refuse('linkage', `linkage is ${linkage}; ward, average or complete is needed`);
  }
  if (metric !== undefined && !['euclidean', 'cosine'].includes(metric)) {
    refuse('metric', `metric is ${metric}; euclidean or cosine is needed`);
  }
  if (linkage === 'ward' && metric === 'cosine') refuse('metric', 'ward needs the euclidean metric');
}

/** Joins in order of height, with nodes numbered as joins come. */
function dendrogram(n: number, { first, second, heights }: FoundJoins): FittedAgglomerative {
  const joins = n - 1;
  const order = Int32Array.from({ length: joins }, (_, join) => join).sort(
    (a, b) => heights[a]! - heights[b]! || a - b,
  );
  const left = new Int32Array(joins);
  const right = new Int32Array(joins);
  const size = new Int32Array(joins);
  const nodeOf = Int32Array.from({ length: n }, (_, row) => row);
  const slots = new DisjointSets(n);
  const sizeOf = (node: number): number => (node < n ? 1 : size[node - n]!);
  order.forEach((join, index) => {
    const a = slots.find(first[join]!);
    const b = slots.find(second[join]!);
    const low = Math.min(nodeOf[a]!, nodeOf[b]!);
    const high = Math.max(nodeOf[a]!, nodeOf[b]!);
    left[index] = low;
    right[index] = high;
    size[index] = sizeOf(low) + sizeOf(high);
    slots.joinInto(b, a);
    nodeOf[b] = n + index;
  });
  const distance = Float64Array.from(order, (join) => heights[join]!);
  return new FittedAgglomerative(n, left, right, distance, size);
}
