import type { SymmetricSplit, SymmetricTree } from './symmetricTree';
import { padded } from './symmetricMemory';
import type { Body, Fold, TrainingMemory } from './trainingMemory';

export interface LeafOptions {
  readonly learningRate: number;
  readonly regularization: number;
  readonly leafIterations: number;
}

/** Numbers the leaf of every row of a fold. */
export function assignLeaves(training: TrainingMemory, fold: Fold, splits: readonly SymmetricSplit[]): void {
  const { leaves, codes } = fold;
  if (splits.length === 0) leaves.fill(0);
  splits.forEach(({ column, cut }, level) => {
    training.kernel.setLeafBits(codes[column]!, cut, level, padded(leaves.length), leaves.byteOffset);
  });
}

/**
 * Values of a tree's leaves by Newton steps over all rows, times the learning rate, and the final model's margins
 * with them.
 */
export function finishTree(
  training: TrainingMemory,
  splits: readonly SymmetricSplit[],
  options: LeafOptions,
): SymmetricTree {
  const { kernel, final, first, second, steps, sums, margins } = training;
  const { leaves, labels, weights } = final;
  const n = labels.length;
  const leafCount = 2 ** splits.length;
  const values = new Float64Array(leafCount);
  const leafWeights = new Float64Array(leafCount);
  const derivatives = new Float64Array(leafCount);
  const own = final.bodies[0]!.margins;
  margins.set(own);
  const sum = (right: Float32Array): void => {
    sums.fill(0);
    kernel.sumLeaves(n, leaves.byteOffset, first.byteOffset, right.byteOffset, sums.byteOffset);
  };
  for (let iteration = 0; iteration < options.leafIterations; iteration++) {
    kernel.differentiate(
      n,
      margins.byteOffset,
      labels.byteOffset,
      weights.byteOffset,
      first.byteOffset,
      second.byteOffset,
    );
    if (iteration === 0) {
      sum(weights);
      for (let leaf = 0; leaf < leafCount; leaf++) {
        derivatives[leaf] = sums[2 * leaf]!;
        leafWeights[leaf] = sums[2 * leaf + 1]!;
      }
    }
    sum(second);
    for (let leaf = 0; leaf < leafCount; leaf++) {
      const step = newtonStep(sums[2 * leaf]!, sums[2 * leaf + 1]!, options.regularization);
      steps[leaf] = step;
      values[leaf]! += step;
    }
    if (iteration + 1 < options.leafIterations) {
      kernel.addSteps(n, leaves.byteOffset, steps.byteOffset, margins.byteOffset);
    }
  }
  for (let leaf = 0; leaf < leafCount; leaf++) {
    values[leaf] = Math.fround(values[leaf]! * options.learningRate);
    steps[leaf] = values[leaf]!;
  }
  kernel.addSteps(n, leaves.byteOffset, steps.byteOffset, own.byteOffset);
  return { splits, values, weights: leafWeights, derivatives };
}

/**
 * Moves every model of a fold on by a tree. A model's own rows get the value of all of them in their leaf; each
 * row behind them gets the value of the rows before it, and then counts among these itself.
 */
export function moveFold(training: TrainingMemory, fold: Fold, options: LeafOptions): void {
  for (const body of fold.bodies) moveBody(training, fold, body, options);
}

function moveBody(
  { kernel, first, second }: TrainingMemory,
  { permutation, labels, weights, leaves }: Fold,
  { body, tail, margins }: Body,
  { learningRate, regularization }: LeafOptions,
): void {
  kernel.differentiate(
    tail,
    margins.byteOffset,
    labels.byteOffset,
    weights.byteOffset,
    first.byteOffset,
    second.byteOffset,
  );
  const sums = new Float64Array(2 * 256);
  const count = (position: number, leaf: number): void => {
    sums[2 * leaf]! += first[position]!;
    sums[2 * leaf + 1]! += second[position]!;
  };
  const move = (position: number, leaf: number): void => {
    margins[position]! += learningRate * newtonStep(sums[2 * leaf]!, sums[2 * leaf + 1]!, regularization);
  };
  for (let position = 0; position < body; position++) count(position, leaves[permutation[position]!]!);
  for (let position = 0; position < body; position++) move(position, leaves[permutation[position]!]!);
  for (let position = body; position < tail; position++) {
    const leaf = leaves[permutation[position]!]!;
    move(position, leaf);
    count(position, leaf);
  }
}

function newtonStep(first: number, second: number, regularization: number): number {
  const denominator = second + regularization;
  return denominator > 0 ? first / denominator : 0;
}
