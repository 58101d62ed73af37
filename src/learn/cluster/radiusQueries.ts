import type { Matrix } from '../matrix';
import { fillTree } from './spatialTree';
import { allocateTree, treeKernel, type SharedMemory, type TreeKernel } from './treeKernel';
import { layoutTree, pointsPerLeaf, type TreeLayout } from './treeLayout';

/** Rows within a radius of rows of the same data. Everything is by position in the kd-tree's order. */
export class RadiusQueries {
  private readonly layout: TreeLayout;
  private readonly memory: SharedMemory;
  private readonly kernel: TreeKernel;
  private readonly squared: number;
  private readonly found: Int32Array;
  private readonly remaining: Uint32Array;

  constructor(data: Matrix, order: Int32Array, radius: number) {
    this.layout = layoutTree({ n: data.n, d: data.d, nearest: data.n, threads: 1 });
    this.memory = allocateTree(this.layout);
    fillTree(this.memory, this.layout, data, order);
    this.kernel = treeKernel(this.memory, this.layout, 0);
    this.squared = radius * radius;
    this.found = new Int32Array(this.memory.buffer, this.layout.scratch[0]!.nearestPositions, data.n);
    this.remaining = new Uint32Array(this.memory.buffer, this.layout.remaining, this.layout.leaves);
    this.remaining.fill(0xffffffff);
    const last = data.n - (this.layout.leaves - 1) * pointsPerLeaf;
    if (last < pointsPerLeaf) this.remaining[this.layout.leaves - 1] = 2 ** last - 1;
  }

  /** Whether at least `enough` rows, the row itself among them, lie within the radius. */
  hasWithin(position: number, enough: number): boolean {
    return this.kernel.countWithin(position, this.squared, enough) >= enough;
  }

  /** Claims the row itself; whether nobody had. */
  claim(position: number): boolean {
    const leaf = Math.floor(position / pointsPerLeaf);
    const bit = 1 << (position % pointsPerLeaf);
    if ((this.remaining[leaf]! & bit) === 0) return false;
    this.remaining[leaf]! &= ~bit;
    return true;
  }

  /** Claims what lies within the radius and nobody has claimed: their positions, overwritten by the next call. */
  claimWithin(position: number): Int32Array {
    return this.found.subarray(0, this.kernel.claimWithin(position, this.squared));
  }
}
