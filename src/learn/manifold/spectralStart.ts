import { seededRandom, type Random } from '../../contracts';
import type { RunControl } from '../run';
import type { Task } from '../threads';
import { componentGraph, type Components } from './connectedComponents';
import { componentPositions } from './componentPositions';
import type { SparseGraph } from './fuzzySet';
import { laplacianEigenvectors } from './laplacian';
import type { Metric } from '../neighbors';

/**
 * Start of the descent from the graph's spectrum (umap-learn umap/spectral.py). A graph in several pieces is laid
 * out piece by piece, around positions that keep the pieces apart.
 */
export interface SpectralStart {
  readonly graph: SparseGraph;
  readonly components: Components;
  /** Mean of the data of every connected component, `count × centroidWidth`; empty for a single one. */
  readonly centroids: Float64Array;
  readonly centroidWidth: number;
  readonly metric: Metric;
  readonly dimensions: number;
  readonly seed: number;
}

export const spectralStartTask: Task<SpectralStart, Float64Array | undefined> = {
  module: __filename,
  name: 'spectralStart',
  call: (input) => spectralStart(input),
};

/** @returns `n × dimensions`, or undefined when the eigenvectors of a connected graph cannot be found. */
export async function spectralStart(
  input: SpectralStart,
  control?: RunControl,
): Promise<Float64Array | undefined> {
  const { graph, components, dimensions } = input;
  const random = seededRandom(input.seed);
  if (components.count > 1) return severalComponents(input, random, control);
  if (graph.n <= dimensions + 1) return undefined;
  const vectors = await laplacianEigenvectors(graph, dimensions, random, control);
  if (!vectors) return undefined;
  const start = new Float64Array(graph.n * dimensions);
  vectors.forEach((vector, axis) => {
    for (let row = 0; row < graph.n; row++) start[row * dimensions + axis] = vector[row]!;
  });
  return start;
}

async function severalComponents(
  { graph, components, centroids, centroidWidth, metric, dimensions }: SpectralStart,
  random: Random,
  control: RunControl | undefined,
): Promise<Float64Array> {
  const { count } = components;
  const positions = await componentPositions(
    { centroids, count, width: centroidWidth, metric, dimensions },
    random,
    control,
  );
  const members = membersOf(components, graph.n);
  const start = new Float64Array(graph.n * dimensions);
  for (let label = 0; label < count; label++) {
    const vertices = members[label]!;
    const range = halfDistanceToNearest(positions, label, count, dimensions);
    const place = (index: number, axis: number, offset: number): void => {
      start[vertices[index]! * dimensions + axis] = positions[label * dimensions + axis]! + offset;
    };
    const large = vertices.length >= 2 * dimensions && vertices.length > dimensions + 1;
    const vectors = large
      ? await laplacianEigenvectors(componentGraph(graph, vertices), dimensions, random, control)
      : undefined;
    const peak = Math.max(...(vectors ?? []).map((vector) => peakOf(vector)));
    for (let index = 0; index < vertices.length; index++) {
      for (let axis = 0; axis < dimensions; axis++) {
        place(
          index,
          axis,
          vectors ? (vectors[axis]![index]! * range) / peak : range * (2 * random.next() - 1),
        );
      }
    }
  }
  return start;
}

function membersOf({ count, labels }: Components, n: number): Int32Array[] {
  const sizes = new Int32Array(count);
  for (const label of labels) sizes[label]!++;
  const members = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(count);
  for (let vertex = 0; vertex < n; vertex++) {
    const label = labels[vertex]!;
    members[label]![filled[label]!++] = vertex;
  }
  return members;
}

/** Room that a component may take around its position. */
function halfDistanceToNearest(
  positions: Float64Array,
  label: number,
  count: number,
  dimensions: number,
): number {
  let nearest = Infinity;
  for (let other = 0; other < count; other++) {
    let square = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      square += (positions[label * dimensions + axis]! - positions[other * dimensions + axis]!) ** 2;
    }
    if (square > 0) nearest = Math.min(nearest, square);
  }
  return nearest === Infinity ? 1 : Math.sqrt(nearest) / 2;
}

function peakOf(vector: Float64Array): number {
  let peak = 0;
  for (const value of vector) peak = Math.max(peak, Math.abs(value));
  return peak;
}
