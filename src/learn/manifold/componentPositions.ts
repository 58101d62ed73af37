import type { Random } from '../../contracts';
import { largestEigenpairs } from '../decompose/lanczos';
import type { RunControl } from '../run';
import type { Metric } from '../neighbors';

/** Places for the connected components of a graph, in relation to each other (umap-learn `component_layout`). */
export interface ComponentCentroids {
  /** `count × width`. */
  readonly centroids: Float64Array;
  readonly count: number;
  readonly width: number;
  readonly metric: Metric;
  readonly dimensions: number;
}

const tolerance = 1e-6;

/** `count × dimensions`. Few components go to the ends of the axes, many where the spectrum of their centroids puts them. */
export async function componentPositions(
  input: ComponentCentroids,
  random: Random,
  control?: RunControl,
): Promise<Float64Array> {
  const { count, dimensions } = input;
  if (count <= 2 * dimensions) return axisEnds(count, dimensions);
  const affinities = centroidAffinities(input);
  const roots = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let degree = 0;
    for (let j = 0; j < count; j++) if (j !== i) degree += affinities[i * count + j]!;
    roots[i] = degree > 0 ? Math.sqrt(degree) : 1;
  }
  const apply = (vector: Float64Array, output: Float64Array): void => {
    for (let i = 0; i < count; i++) {
      let sum = 0;
      for (let j = 0; j < count; j++) {
        if (j !== i) sum += (affinities[i * count + j]! * vector[j]!) / roots[j]!;
      }
      output[i] = sum / roots[i]!;
    }
  };
  let total = 0;
  for (const root of roots) total += root * root;
  const { vectors } = await largestEigenpairs(
    { n: count, apply },
    { count: dimensions, tolerance, deflated: [roots.map((root) => root / Math.sqrt(total))] },
    random,
    control,
  );
  const positions = new Float64Array(count * dimensions);
  let peak = 0;
  vectors.forEach((vector, axis) => {
    for (let i = 0; i < count; i++) {
      const value = vector[i]! / roots[i]!;
      positions[i * dimensions + axis] = value;
      peak = Math.max(peak, Math.abs(value));
    }
  });
  return peak > 0 ? positions.map((value) => value / peak) : positions;
}

function axisEnds(count: number, dimensions: number): Float64Array {
  const positions = new Float64Array(count * dimensions);
  const half = Math.ceil(count / 2);
  for (let i = 0; i < count; i++) positions[i * dimensions + (i % half)] = i < half ? 1 : -1;
  return positions;
}

function centroidAffinities({ centroids, count, width, metric }: ComponentCentroids): Float32Array {
  const norms = new Float64Array(count);
  for (let i = 0; i < count; i++) norms[i] = product(centroids, i, i, width);
  const affinities = new Float32Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < i; j++) {
      const inner = product(centroids, i, j, width);
      const squared =
        metric === 'euclidean'
          ? Math.max(0, norms[i]! + norms[j]! - 2 * inner)
          : (1 - inner / Math.max(Math.sqrt(norms[i]! * norms[j]!), Number.MIN_VALUE)) ** 2;
      affinities[i * count + j] = Math.exp(-squared);
      affinities[j * count + i] = affinities[i * count + j]!;
    }
  }
  return affinities;
}

function product(rows: Float64Array, i: number, j: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += rows[i * width + k]! * rows[j * width + k]!;
  return sum;
}
