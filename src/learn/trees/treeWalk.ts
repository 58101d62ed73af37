import { instantiateKernel, type KernelMemory } from '../kernels';
import type { Matrix } from '../matrix';
import type { Task } from '../threads';
import { leafFeature, treeCount, type TreeEnsemble } from './ensemble';

/** Functions of assembly/treeWalk.ts. */
interface TreeWalk {
  addMargins(
    roots: number,
    trees: number,
    values: number,
    rows: number,
    rowBytes: number,
    margins: number,
  ): void;
}

/** A kernel that holds the trees, and room for some rows. */
interface PreparedTrees {
  readonly functions: TreeWalk;
  readonly memory: KernelMemory;
  readonly rootsAt: number;
  readonly valuesAt: number;
  readonly marginsAt: number;
}

/** Rows that go through one tree after the other together, so that a tree is read once for all of them. */
const rowsTogether = 64;
const nodeBytes = 24;
const nodeWords = nodeBytes / 4;

const preparedOf = new WeakMap<TreeEnsemble, PreparedTrees>();

function prepare(ensemble: TreeEnsemble): PreparedTrees {
  const known = preparedOf.get(ensemble);
  if (known) return known;
  const { feature, threshold, left, right, defaultLeft, leafValue, treeOffsets, d } = ensemble;
  const { functions, memory } = instantiateKernel<TreeWalk>('treeWalk');
  const nodesAt = memory.allocate(feature.length * nodeBytes);
  const rootsAt = memory.allocate(treeOffsets.length * 4);
  const prepared = {
    functions,
    memory,
    rootsAt,
    valuesAt: memory.allocate(rowsTogether * d * 4),
    marginsAt: memory.allocate(rowsTogether * 4),
  };
  memory.uint32(rootsAt, treeOffsets.length).set(treeOffsets.map((offset) => nodesAt + offset * nodeBytes));
  const words = memory.uint32(nodesAt, feature.length * nodeWords);
  const floats = memory.float32(nodesAt, feature.length * nodeWords);
  for (let node = 0; node < feature.length; node++) {
    const at = node * nodeWords;
    floats[at + 4] = leafValue[node]!;
    if (feature[node] === leafFeature) continue;
    floats[at] = threshold[node]!;
    words[at + 1] = feature[node]! * 4;
    words[at + 2] = nodesAt + left[node]! * nodeBytes;
    words[at + 3] = nodesAt + right[node]! * nodeBytes;
    words[at + 5] = defaultLeft[node]!;
  }
  preparedOf.set(ensemble, prepared);
  return prepared;
}

export interface MarginBlock {
  readonly ensemble: TreeEnsemble;
  readonly data: Matrix;
}

/** Margins of n rows, without looking at the rows first. */
export function marginsOf({ ensemble, data: { values, n, d } }: MarginBlock): Float32Array {
  const { functions, memory, rootsAt, valuesAt, marginsAt } = prepare(ensemble);
  const margins = new Float32Array(n).fill(ensemble.baseMargin);
  const rows = memory.float32(valuesAt, rowsTogether * d);
  const part = memory.float32(marginsAt, rowsTogether);
  for (let from = 0; from < n; from += rowsTogether) {
    const to = Math.min(n, from + rowsTogether);
    rows.set(values.subarray(from * d, to * d));
    part.set(margins.subarray(from, to));
    functions.addMargins(rootsAt, treeCount(ensemble), valuesAt, to - from, d * 4, marginsAt);
    margins.set(part.subarray(0, to - from), from);
  }
  return margins;
}

export const marginsTask: Task<MarginBlock, Float32Array> = {
  module: __filename,
  name: 'marginsOf',
  call: (block) => marginsOf(block),
};
