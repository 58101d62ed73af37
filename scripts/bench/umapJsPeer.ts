import { performance } from 'node:perf_hooks';
import { UMAP } from 'umap-js';
import { seededRandom } from '../../src/contracts';
import type { Matrix } from '../../src/learn/matrix';
import type { Task } from '../../src/learn/threads';

/** umap-js on a thread of its own, so that it can be stopped: its fit is synchronous. */
interface UmapJsInput {
  /** Rows of unit length. */
  readonly data: Matrix;
  readonly components: number;
  readonly neighbors: number;
  readonly minimumDistance: number;
  readonly seed: number;
}

export const fitWithUmapJsTask: Task<UmapJsInput, number> = {
  module: __filename,
  name: 'fitWithUmapJs',
  call: (input) => fitWithUmapJs(input),
};

/** Seconds of one fit. */
export function fitWithUmapJs({ data, components, neighbors, minimumDistance, seed }: UmapJsInput): number {
  const random = seededRandom(seed);
  const vectors = Array.from({ length: data.n }, (_, row) => [
    ...data.values.subarray(row * data.d, (row + 1) * data.d),
  ]);
  const umap = new UMAP({
    nComponents: components,
    nNeighbors: neighbors,
    minDist: minimumDistance,
    random: () => random.next(),
    distanceFn: cosineOfUnits,
  });
  const start = performance.now();
  umap.fit(vectors);
  return (performance.now() - start) / 1000;
}

function cosineOfUnits(left: number[], right: number[]): number {
  let product = 0;
  for (let k = 0; k < left.length; k++) product += left[k]! * right[k]!;
  return Math.max(0, 1 - product);
}
