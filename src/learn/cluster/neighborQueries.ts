import type { Matrix } from '../matrix';
import { fillTree } from './spatialTree';
import { allocateTree, treeKernel, type TreeKernel } from './treeKernel';
import { layoutTree } from './treeLayout';

/** Nearest fitted rows of one query, nearest first; overwritten by the next query. */
export interface Neighbors {
  readonly rows: Int32Array;
  readonly distances: Float64Array;
}

/** Asks for the `k` nearest rows of `data`, whose kd-tree order is known. */
export class NeighborQueries {
  private readonly kernel: TreeKernel;
  private readonly query: Float32Array;
  private readonly squared: Float64Array;
  private readonly positions: Int32Array;
  private readonly answer: Neighbors;

  constructor(
    data: Matrix,
    private readonly order: Int32Array,
    private readonly k: number,
  ) {
    const layout = layoutTree({ n: data.n, d: data.d, nearest: k, threads: 1 });
    const memory = allocateTree(layout);
    fillTree(memory, layout, data, order);
    this.kernel = treeKernel(memory, layout, 0);
    const scratch = layout.scratch[0]!;
    this.query = new Float32Array(memory.buffer, scratch.query, data.d);
    this.squared = new Float64Array(memory.buffer, scratch.nearestDistances, k);
    this.positions = new Int32Array(memory.buffer, scratch.nearestPositions, k);
    this.answer = { rows: new Int32Array(k), distances: new Float64Array(k) };
  }

  nearest(query: Float32Array): Neighbors {
    this.query.set(query);
    this.kernel.searchNearest(this.k);
    for (let index = 0; index < this.k; index++) {
      this.answer.rows[index] = this.order[this.positions[index]!]!;
      this.answer.distances[index] = Math.sqrt(this.squared[index]!);
    }
    return this.answer;
  }
}
