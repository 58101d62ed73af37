import { instantiateKernel, type KernelMemory } from '../kernels';
import type { Task } from '../threads';
import type { LeafPaths } from './leafPaths';

/** Functions of assembly/leafGames.ts. */
interface LeafGames {
  addTabled(
    leafValue: number,
    elements: number,
    length: number,
    values: number,
    sums: number,
    rows: number,
    masks: number,
    table: number,
    filled: number,
    weights: number,
    coefficients: number,
  ): void;
  addDirectly(
    leafValue: number,
    elements: number,
    length: number,
    values: number,
    sums: number,
    rows: number,
    weights: number,
    coefficients: number,
    answer: number,
  ): void;
}

export interface ShapBlock {
  readonly paths: LeafPaths;
  /** rows × d. */
  readonly values: Float32Array;
  readonly d: number;
}

export const shapBlockTask: Task<ShapBlock, Float32Array> = {
  module: __filename,
  name: 'shapBlock',
  call: (block) => shapBlock(block),
};

/** Longest path that gets a table: 256 sets of 8 numbers stay in the fastest cache. */
const longestTabled = 8;
const elementBytes = 24;
const lanes = 4;

/** A kernel that holds the elements of an ensemble's paths, and room for some rows. */
interface PreparedPaths {
  readonly functions: LeafGames;
  readonly memory: KernelMemory;
  /** Rows that there is room for. */
  readonly capacity: number;
  readonly elementsAt: number;
  readonly valuesAt: number;
  readonly sumsAt: number;
  readonly masksAt: number;
  readonly tableAt: number;
  readonly filledAt: number;
  readonly coefficientsAt: number;
  readonly answerAt: number;
  /** Of each path length, where its weights are. */
  readonly weightsAt: readonly number[];
}

/** Kept for as long as the paths are: a row that is scored by itself costs little more than its games. */
const preparedOf = new WeakMap<LeafPaths, PreparedPaths>();

function prepare(paths: LeafPaths, d: number, rows: number): PreparedPaths {
  const known = preparedOf.get(paths);
  if (known && known.capacity >= rows) return known;
  const { functions, memory } = instantiateKernel<LeafGames>('leafGames');
  const longest = longestPath(paths);
  const prepared = {
    functions,
    memory,
    capacity: rows,
    elementsAt: memory.allocate(paths.feature.length * elementBytes),
    valuesAt: memory.allocate(d * rows * 4),
    sumsAt: memory.allocate(d * rows * 8),
    masksAt: memory.allocate(rows * 4),
    tableAt: memory.allocate(2 ** longestTabled * longestTabled * 8),
    filledAt: memory.allocate(2 ** longestTabled),
    coefficientsAt: memory.allocate((longest + 1) * 8 + longest),
    answerAt: memory.allocate(longest * 8),
    weightsAt: weightsOfSets(longest).map((weights) => {
      const at = memory.allocate(weights.byteLength);
      memory.float64(at, weights.length).set(weights);
      return at;
    }),
  };
  const words = memory.uint32(prepared.elementsAt, (paths.feature.length * elementBytes) / 4);
  const floats = memory.float32(prepared.elementsAt, words.length);
  const shares = memory.float64(prepared.elementsAt, words.length / 2);
  paths.feature.forEach((feature, element) => {
    shares[element * 3] = paths.zeroFraction[element]!;
    words[element * 6 + 2] = feature;
    floats[element * 6 + 3] = paths.lower[element]!;
    floats[element * 6 + 4] = paths.upper[element]!;
    words[element * 6 + 5] = paths.missingFollows[element]!;
  });
  preparedOf.set(paths, prepared);
  return prepared;
}

/** rows × (d + 1) contributions, the bias last. */
export function shapBlock({ paths, values, d }: ShapBlock): Float32Array {
  const rows = values.length / d;
  const padded = Math.ceil(rows / lanes) * lanes;
  const { elementOffsets, leafValue } = paths;
  const { functions, memory, elementsAt, valuesAt, sumsAt, masksAt, tableAt, filledAt, ...at } = prepare(
    paths,
    d,
    padded,
  );
  const { coefficientsAt, answerAt, weightsAt } = at;
  const transposed = memory.float32(valuesAt, d * padded);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < d; column++) transposed[column * padded + row] = values[row * d + column]!;
  }
  memory.float64(sumsAt, d * padded).fill(0);
  leafValue.forEach((value, leaf) => {
    const from = elementOffsets[leaf]!;
    const length = elementOffsets[leaf + 1]! - from;
    const elements = elementsAt + from * elementBytes;
    if (length === 0) return;
    const weights = weightsAt[length]!;
    if (length <= longestTabled) {
      functions.addTabled(
        value,
        elements,
        length,
        valuesAt,
        sumsAt,
        padded,
        masksAt,
        tableAt,
        filledAt,
        weights,
        coefficientsAt,
      );
    } else {
      functions.addDirectly(
        value,
        elements,
        length,
        valuesAt,
        sumsAt,
        padded,
        weights,
        coefficientsAt,
        answerAt,
      );
    }
  });
  const sums = memory.float64(sumsAt, d * padded);
  const contributions = new Float32Array(rows * (d + 1));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < d; column++) {
      contributions[row * (d + 1) + column] = sums[column * padded + row]!;
    }
    contributions[row * (d + 1) + d] = paths.expectedMargin;
  }
  return contributions;
}

function longestPath({ elementOffsets }: LeafPaths): number {
  let longest = 0;
  for (let leaf = 0; leaf + 1 < elementOffsets.length; leaf++) {
    longest = Math.max(longest, elementOffsets[leaf + 1]! - elementOffsets[leaf]!);
  }
  return longest;
}

/** `weights[m][k]` = k! (m − 1 − k)! / m!: the weight of a set of k others among m players. */
function weightsOfSets(longest: number): Float64Array[] {
  return Array.from({ length: longest + 1 }, (_, players) => {
    const weights = new Float64Array(players);
    if (players > 0) weights[0] = 1 / players;
    for (let others = 1; others < players; others++) {
      weights[others] = (weights[others - 1]! * others) / (players - others);
    }
    return weights;
  });
}
