import { instantiateKernel } from '../../kernels';
import type { IsolationTrees } from './isolationTrees';

/** Functions of assembly/isolationForest.ts. */
interface ForestFunctions {
  interleave(rows: number, n: number, d: number, groups: number): void;
  addPathLengths(
    groups: number,
    groupCount: number,
    d: number,
    roots: number,
    depths: number,
    trees: number,
    sums: number,
  ): void;
}

/** Rows of a group, as in the kernel. */
const groupRows = 8;
const nodeBytes = 16;
const mostBlockRows = 256;
/** A block and one tree lie within the first two caches together. */
const blockBytes = 65_536;

/** Mean path lengths of rows, block by block, in a kernel's memory of its own. */
export class PathLengthKernel {
  /** Rows that `measure` takes at most. */
  readonly blockRows: number;
  private readonly kernel = instantiateKernel<ForestFunctions>('isolationForest');
  private readonly rowsAt: number;
  private readonly groupsAt: number;
  private readonly sumsAt: number;
  private readonly rootsAt: number;
  private readonly depthsAt: number;

  constructor(
    private readonly trees: IsolationTrees,
    private readonly d: number,
  ) {
    const { memory } = this.kernel;
    const fitting = Math.floor(blockBytes / (4 * d * groupRows)) * groupRows;
    this.blockRows = Math.max(groupRows, Math.min(mostBlockRows, fitting));
    this.rowsAt = memory.allocate(this.blockRows * d * 4);
    this.groupsAt = memory.allocate(this.blockRows * d * 4);
    this.sumsAt = memory.allocate(this.blockRows * 8);
    this.rootsAt = memory.allocate(trees.treeCount * 4);
    this.depthsAt = memory.allocate(trees.treeCount * 4);
    const nodesAt = memory.allocate(trees.feature.length * nodeBytes);
    this.writeTrees(nodesAt);
  }

  private writeTrees(nodesAt: number): void {
    const { memory } = this.kernel;
    const { feature, threshold, left, pathLength, roots, depths, treeCount } = this.trees;
    const words = memory.uint32(nodesAt, feature.length * 4);
    const floats = memory.float32(nodesAt, feature.length * 4);
    for (let node = 0, at = 0; node < feature.length; node++, at += 4) {
      const leaf = feature[node]! < 0;
      words[at] = leaf ? 0 : feature[node]! * 4 * groupRows;
      floats[at + 1] = leaf ? Infinity : threshold[node]!;
      words[at + 2] = nodesAt + left[node]! * nodeBytes;
      floats[at + 3] = pathLength[node]!;
    }
    memory
      .uint32(this.rootsAt, treeCount)
      .set(roots.subarray(0, treeCount).map((root) => nodesAt + root * nodeBytes));
    memory.int32(this.depthsAt, treeCount).set(depths);
  }

  /** Mean path length of rows [first, first + count) into the same places of `out`; `count` up to `blockRows`. */
  measure(values: Float32Array, first: number, count: number, out: Float64Array): void {
    const { memory, functions } = this.kernel;
    const { d, trees } = this;
    memory.float32(this.rowsAt, count * d).set(values.subarray(first * d, (first + count) * d));
    const groups = Math.ceil(count / groupRows);
    functions.interleave(this.rowsAt, count, d, this.groupsAt);
    const sums = memory.float64(this.sumsAt, groups * groupRows);
    sums.fill(0);
    functions.addPathLengths(
      this.groupsAt,
      groups,
      d,
      this.rootsAt,
      this.depthsAt,
      trees.treeCount,
      this.sumsAt,
    );
    for (let row = 0; row < count; row++) out[first + row] = sums[row]! / trees.treeCount;
  }
}
