import type { SymmetricBoostingOptions } from './options';
import { binsBytes, scratchBytes, type SearchLayout, type Segment } from './columnSearch';
import {
  MemoryPlan,
  padded,
  symmetricKernel,
  type SharedMemory,
  type SymmetricKernel,
} from './symmetricMemory';

/** Rows that a model is fitted on, and rows up to `tail` that it answers without having seen them. */
export interface Body {
  readonly body: number;
  readonly tail: number;
  /** Margins of the first `tail` positions. */
  readonly margins: Float32Array;
}

/** An order of the rows. Arrays by position follow that order; leaves are by row. */
export interface Fold {
  readonly permutation: Uint32Array;
  readonly labels: Float32Array;
  readonly weights: Float32Array;
  /** Offset of every column's codes. */
  readonly codes: Int32Array;
  readonly bodies: readonly Body[];
  readonly leaves: Uint8Array;
}

/** Everything that a fit holds in memory shared with threads. */
export interface TrainingMemory {
  readonly memory: SharedMemory;
  readonly kernel: SymmetricKernel;
  readonly layout: SearchLayout;
  /** In the order of the rows: gives the leaves their values. */
  readonly final: Fold;
  /** Orders that structures are learned from; `final` itself when the order of rows makes no difference. */
  readonly learning: readonly Fold[];
  /** Room for the parts of one fold. */
  readonly segments: readonly Segment[];
  readonly judged: readonly (readonly [number, number])[];
  readonly first: Float32Array;
  readonly second: Float32Array;
  readonly margins: Float32Array;
  readonly steps: Float32Array;
  /** Two doubles a leaf. */
  readonly sums: Float64Array;
  readonly bootstrap: Float32Array;
  readonly spareOrder: number;
  readonly sparePairs: number;
}

export interface TrainingShape {
  readonly n: number;
  /** Codes by column, the same in every order. */
  readonly numeric: readonly Uint8Array[];
  /** By order (the final one first), codes by column that depend on it. */
  readonly ordered: readonly (readonly Uint8Array[])[];
  readonly permutations: readonly Uint32Array[];
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
  readonly threads: number;
}

/** Histograms are kept from level to level up to here; beyond, every level counts all rows anew. */
const mostKeptBytes = 2 ** 29;
export const bootstrapDraws = 4_096;
const leafCount = 256;
/** A fold's smallest model is fitted on this share of the rows, the next on twice as many, and so on. */
const smallestBody = 1 / 32;

/** Bodies of ordered boosting: each model's rows double, and it answers for as many more (section 4 of the paper). */
export function bodySizes(n: number): { body: number; tail: number }[] {
  const sizes: { body: number; tail: number }[] = [];
  for (let body = Math.max(1, Math.ceil(n * smallestBody)); body < n; body *= 2) {
    sizes.push({ body, tail: Math.min(n, 2 * body) });
  }
  return sizes;
}

export function openTraining(shape: TrainingShape, options: SymmetricBoostingOptions): TrainingMemory {
  const { n, numeric, ordered } = shape;
  const stride = padded(n);
  const columns = numeric.length + ordered[0]!.length;
  const usesOrder = options.boosting === 'ordered' || ordered[0]!.length > 0;
  const sizes = options.boosting === 'ordered' ? bodySizes(n) : [{ body: n, tail: n }];
  const plan = new MemoryPlan();
  const numericAt = numeric.map(() => plan.take(stride));
  const planFold = (order: number, bodies: readonly { body: number; tail: number }[]) => ({
    codes: [...numericAt, ...ordered[order]!.map(() => plan.take(stride))],
    permutation: plan.take(4 * stride),
    labels: plan.take(4 * stride),
    weights: plan.take(4 * stride),
    leaves: plan.take(stride),
    bodies: bodies.map(({ body, tail }) => ({ body, tail, margins: plan.take(4 * padded(tail)) })),
  });
  const folds = shape.permutations.map((_, order) =>
    planFold(order, order === 0 ? [{ body: n, tail: n }] : sizes),
  );
  const parts = sizes.flatMap(({ body, tail }) => (body === tail ? [body] : [body, tail - body]));
  const segments = parts.map((rows) => ({
    order: plan.take(4 * rows),
    pairs: plan.take(8 * rows),
    bounds: plan.take(8 * leafCount),
  }));
  const largest = Math.max(...parts);
  const spareOrder = plan.take(4 * largest + 4);
  const sparePairs = plan.take(8 * largest + 8);
  const keptBytes = 2 ** (options.depth - 1) * columns * binsBytes;
  const keeps = keptBytes * parts.length <= mostKeptBytes;
  const layout: SearchLayout = {
    kept: keeps ? parts.map(() => plan.take(keptBytes)) : undefined,
    columns,
    scratch: Array.from({ length: shape.threads }, () => plan.take(scratchBytes(options.depth))),
    results: plan.take(16 * columns),
    claim: plan.take(8),
  };
  const floatsAt = [stride, stride, stride, leafCount, bootstrapDraws].map((length) => plan.take(4 * length));
  const sumsAt = plan.take(16 * leafCount);
  const memory = plan.allocate();
  const { buffer } = memory;
  const bytes = new Uint8Array(buffer);
  numeric.forEach((codes, index) => bytes.set(codes, numericAt[index]));
  const opened = folds.map((fold, order): Fold => {
    ordered[order]!.forEach((codes, index) => bytes.set(codes, fold.codes[numeric.length + index]));
    const permutation = new Uint32Array(buffer, fold.permutation, n);
    permutation.set(shape.permutations[order]!);
    const labels = new Float32Array(buffer, fold.labels, n);
    const weights = new Float32Array(buffer, fold.weights, n);
    permutation.forEach((row, position) => {
      labels[position] = shape.labels[row]!;
      weights[position] = shape.weights[row]!;
    });
    return {
      permutation,
      labels,
      weights,
      codes: Int32Array.from(fold.codes),
      bodies: fold.bodies.map(({ body, tail, margins }) => ({
        body,
        tail,
        margins: new Float32Array(buffer, margins, tail),
      })),
      leaves: new Uint8Array(buffer, fold.leaves, n),
    };
  });
  const floats = (index: number, length: number): Float32Array =>
    new Float32Array(buffer, floatsAt[index], length);
  return {
    memory,
    kernel: symmetricKernel(memory),
    layout,
    final: opened[0]!,
    learning: usesOrder ? opened.slice(1) : opened,
    segments,
    judged: sizes.map(({ body, tail }, index) =>
      body === tail ? ([index, index] as const) : ([2 * index, 2 * index + 1] as const),
    ),
    first: floats(0, stride),
    second: floats(1, stride),
    margins: floats(2, stride),
    steps: floats(3, leafCount),
    sums: new Float64Array(buffer, sumsAt, 2 * leafCount),
    bootstrap: floats(4, bootstrapDraws),
    spareOrder,
    sparePairs,
  };
}
