import { breathe, type RunControl } from '../run';
import type { Task } from '../threads';
import type { GradientTables } from './gradientTables';
import { layoutKernel } from './layoutKernel';

/** The descent of a whole embedding: umap-learn `optimize_layout_euclidean`, one thread, edges in order. */
export interface LayoutDescent {
  /** `n × dimensions`, where the descent starts. */
  readonly embedding: Float32Array;
  readonly dimensions: number;
  readonly heads: Int32Array;
  readonly tails: Int32Array;
  /** Epochs between two firings of each edge. */
  readonly epochsPerSample: Float64Array;
  readonly epochs: number;
  readonly learningRate: number;
  readonly negativeSampleRate: number;
  readonly tables: GradientTables;
  /** Four random words, not all zero. */
  readonly seed: Uint32Array;
  /** One shared cell that counts the epochs done, for whoever watches. */
  readonly progress: Int32Array;
}

/** Edge visits between two looks at the signal; some ten milliseconds. */
const visitsPerBreath = 1_000_000;

export const optimizeLayoutTask: Task<LayoutDescent, Float32Array> = {
  module: __filename,
  name: 'optimizeLayout',
  call: (input) => optimizeLayout(input),
};

/** The embedding after all epochs, `n × dimensions`. */
export async function optimizeLayout(input: LayoutDescent, control?: RunControl): Promise<Float32Array> {
  const { embedding, dimensions, heads, tails, epochsPerSample, epochs, learningRate, tables } = input;
  const kernel = layoutKernel(tables);
  const { memory } = kernel;
  const edges = heads.length;
  const embeddingAt = memory.allocate(embedding.byteLength);
  const headsAt = memory.allocate(heads.byteLength);
  const tailsAt = memory.allocate(tails.byteLength);
  const perSampleAt = memory.allocate(epochsPerSample.byteLength);
  const nextSampleAt = memory.allocate(epochsPerSample.byteLength);
  const nextNegativeAt = memory.allocate(epochsPerSample.byteLength);
  memory.float32(embeddingAt, embedding.length).set(embedding);
  memory.int32(headsAt, edges).set(heads);
  memory.int32(tailsAt, edges).set(tails);
  memory.float64(perSampleAt, edges).set(epochsPerSample);
  memory.float64(nextSampleAt, edges).set(epochsPerSample);
  const nextNegative = memory.float64(nextNegativeAt, edges);
  epochsPerSample.forEach((epochsBetween, edge) => {
    nextNegative[edge] = epochsBetween / input.negativeSampleRate;
  });
  memory.uint32(kernel.random, 4).set(input.seed);

  let alpha = learningRate;
  let visits = 0;
  for (let now = 0; now < epochs; now++) {
    kernel.functions.epoch(
      embeddingAt,
      embeddingAt,
      embedding.length / dimensions,
      dimensions,
      headsAt,
      tailsAt,
      0,
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
      1,
      alpha,
      now,
    );
    alpha = learningRate * (1 - now / epochs);
    Atomics.store(input.progress, 0, now + 1);
    visits += edges;
    if (visits >= visitsPerBreath) {
      visits = 0;
      await breathe(control);
    }
  }
  return memory.float32(embeddingAt, embedding.length).slice();
}
