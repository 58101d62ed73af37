import type { Matrix } from '../matrix';
import { rowOf } from '../matrix';
import type { NeighborGraph } from '../neighbors';
import { breathe, type RunControl } from '../run';
import { membershipStrength } from './fuzzySet';
import type { GradientTables } from './gradientTables';
import { layoutKernel } from './layoutKernel';
import type { LocalMetric } from './smoothDistances';

/**
 * Places new points into an embedding that stays as it is (umap-learn `UMAP.transform`). Where umap-learn looks at
 * the whole batch (its largest weight, its size, one stream of random numbers), every point here looks at itself
 * alone, so its place does not depend on the batch it came in.
 */
export interface Placement {
  readonly queries: Matrix;
  readonly neighbors: NeighborGraph;
  readonly metric: LocalMetric;
  readonly embedding: Matrix;
  readonly epochs: number;
  readonly learningRate: number;
  readonly negativeSampleRate: number;
  readonly tables: GradientTables;
  readonly seed: number;
}

/** Points between two looks at the signal; a few tens of milliseconds. */
const pointsPerBreath = 256;

/** `m × components`. */
export async function placePoints(input: Placement, control?: RunControl): Promise<Matrix> {
  const { queries, neighbors, embedding, epochs, tables } = input;
  const { k } = neighbors;
  const { d } = embedding;
  const kernel = layoutKernel(tables);
  const { memory } = kernel;
  const referenceAt = memory.allocate(embedding.values.byteLength);
  const positionAt = memory.allocate(d * 4);
  const headsAt = memory.allocate(k * 4);
  const tailsAt = memory.allocate(k * 4);
  const perSampleAt = memory.allocate(k * 8);
  const nextSampleAt = memory.allocate(k * 8);
  const nextNegativeAt = memory.allocate(k * 8);
  memory.float32(referenceAt, embedding.values.length).set(embedding.values);
  const position = memory.float32(positionAt, d);
  const tails = memory.int32(tailsAt, k);
  const perSample = memory.float64(perSampleAt, k);
  const nextSample = memory.float64(nextSampleAt, k);
  const nextNegative = memory.float64(nextNegativeAt, k);
  const random = memory.uint32(kernel.random, 4);
  const strengths = new Float64Array(k);
  const values = new Float32Array(queries.n * d);

  for (let row = 0; row < queries.n; row++) {
    const indices = neighbors.indices.subarray(row * k, (row + 1) * k);
    for (let j = 0; j < k; j++) {
      strengths[j] = membershipStrength(
        neighbors.distances[row * k + j]!,
        input.metric.rhos[row]!,
        input.metric.sigmas[row]!,
      );
    }
    weightedMean(embedding, indices, strengths, position);
    const largest = strengths[0]!;
    let edges = 0;
    for (let j = 0; j < k; j++) {
      // An edge that would not fire once is left out.
      if (strengths[j]! < largest / epochs) continue;
      tails[edges] = indices[j]!;
      perSample[edges] = largest / strengths[j]!;
      nextSample[edges] = perSample[edges]!;
      nextNegative[edges] = perSample[edges]! / input.negativeSampleRate;
      edges++;
    }
    seedFromContent(random, input.seed, rowOf(queries, row));
    kernel.functions.placePoint(
      positionAt,
      referenceAt,
      embedding.n,
      d,
      headsAt,
      tailsAt,
      edges,
      perSampleAt,
      nextSampleAt,
      nextNegativeAt,
      input.negativeSampleRate,
      kernel.attraction,
      kernel.repulsion,
      tables.firstKnot,
      tables.lastKnot,
      kernel.random,
      input.learningRate,
      epochs,
    );
    values.set(position, row * d);
    if (row % pointsPerBreath === pointsPerBreath - 1) {
      control?.onProgress?.({ stage: 'placement', done: row + 1, total: queries.n });
      await breathe(control);
    }
  }
  return { values, n: queries.n, d };
}

/** A point identical to a training row starts at that row's place, any other at the weighted mean of its neighbours'. */
function weightedMean(
  embedding: Matrix,
  indices: Int32Array,
  strengths: Float64Array,
  position: Float32Array,
): void {
  const same = strengths.indexOf(1);
  if (same !== -1) {
    position.set(rowOf(embedding, indices[same]!));
    return;
  }
  let total = 0;
  for (const strength of strengths) total += strength;
  for (let axis = 0; axis < embedding.d; axis++) {
    let sum = 0;
    indices.forEach((index, j) => {
      sum += strengths[j]! * embedding.values[index * embedding.d + axis]!;
    });
    position[axis] = sum / total;
  }
}

/** Random state from the point's own numbers: FNV-1a over their bits, spread by splitmix32. */
function seedFromContent(state: Uint32Array, seed: number, row: Float32Array): void {
  const own = row.slice();
  const words = new Uint32Array(own.buffer);
  let hash = 0x811c9dc5 ^ seed;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193) ^ (hash >>> 15);
  for (let i = 0; i < state.length; i++) {
    hash = (hash + 0x9e3779b9) | 0;
    let mixed = Math.imul(hash ^ (hash >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    state[i] = (mixed ^ (mixed >>> 15)) | 1;
  }
}
