import type { Random } from '../../contracts';
import { fitPca } from '../decompose/pca';
import type { Matrix } from '../matrix';
import type { RunControl } from '../run';
import { connectedComponents, type Components } from './connectedComponents';
import type { SparseGraph } from './fuzzySet';
import type { CompleteUmapOptions } from './options';
import { spectralStart, spectralStartTask } from './spectralStart';

export interface StartPositions {
  /** `n × components`, every column from 0 to 10. */
  readonly positions: Float32Array;
  /** Where they came from: `pca` also when the spectral start was asked for and did not converge. */
  readonly start: 'spectral' | 'pca';
}

/** Size of the start, and noise upon it that parts identical positions: umap-learn's. */
const extent = 10;
const noiseScale = 1e-4;

export async function startPositions(
  data: Matrix,
  graph: SparseGraph,
  options: CompleteUmapOptions,
  random: Random,
  control?: RunControl,
): Promise<StartPositions> {
  const spectral =
    options.start === 'spectral' ? await fromSpectrum(data, graph, options, random, control) : undefined;
  const raw = spectral ?? (await fromPca(data, options.components, random, control));
  let peak = 0;
  for (const value of raw) peak = Math.max(peak, Math.abs(value));
  const expansion = peak > 0 ? extent / peak : 1;
  const noise = random.fork('noise');
  const noisy = raw.map((value) => value * expansion + noiseScale * noise.normal());
  return {
    positions: stretched(noisy, data.n, options.components),
    start: spectral ? 'spectral' : 'pca',
  };
}

function fromSpectrum(
  data: Matrix,
  graph: SparseGraph,
  options: CompleteUmapOptions,
  random: Random,
  control: RunControl | undefined,
): Promise<Float64Array | undefined> {
  const components = connectedComponents(graph);
  const input = {
    graph,
    components,
    centroids: components.count > 1 ? componentMeans(data, components) : new Float64Array(0),
    centroidWidth: data.d,
    metric: options.metric,
    dimensions: options.components,
    seed: random.fork('spectrum').integer(2 ** 32),
  };
  return control?.threads
    ? control.threads.run(spectralStartTask, input, control.signal)
    : spectralStart(input, control);
}

/** Principal scores; columns beyond what the data's size allows are left to the noise. */
async function fromPca(
  data: Matrix,
  dimensions: number,
  random: Random,
  control: RunControl | undefined,
): Promise<Float64Array> {
  const kept = Math.min(dimensions, data.n, data.d);
  const pca = await fitPca(
    data,
    { components: kept },
    random.fork('pca'),
    control?.signal && { signal: control.signal },
  );
  const scores = pca.transform(data);
  const start = new Float64Array(data.n * dimensions);
  for (let row = 0; row < data.n; row++) {
    for (let axis = 0; axis < kept; axis++) {
      start[row * dimensions + axis] = scores.values[row * kept + axis]!;
    }
  }
  return start;
}

function componentMeans({ values, n, d }: Matrix, { count, labels }: Components): Float64Array {
  const means = new Float64Array(count * d);
  const sizes = new Float64Array(count);
  for (let row = 0; row < n; row++) {
    const label = labels[row]!;
    sizes[label]!++;
    for (let k = 0; k < d; k++) means[label * d + k]! += values[row * d + k]!;
  }
  return means.map((sum, at) => sum / sizes[Math.floor(at / d)]!);
}

/** Every column moved and stretched to 0 … 10. */
function stretched(positions: Float64Array, n: number, dimensions: number): Float32Array {
  const result = new Float32Array(positions.length);
  for (let axis = 0; axis < dimensions; axis++) {
    let least = Infinity;
    let most = -Infinity;
    for (let row = 0; row < n; row++) {
      least = Math.min(least, positions[row * dimensions + axis]!);
      most = Math.max(most, positions[row * dimensions + axis]!);
    }
    const scale = most > least ? extent / (most - least) : 0;
    for (let row = 0; row < n; row++) {
      result[row * dimensions + axis] = (positions[row * dimensions + axis]! - least) * scale;
    }
  }
  return result;
}
