import type { Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { nearestNeighbors } from '../neighbors';
import { checkAborted, type RunControl } from '../run';
import { fitCurve } from './curve';
import { fittedUmap, type FittedUmap } from './fittedUmap';
import { fuzzySimplicialSet, pruneGraph, type SparseGraph } from './fuzzySet';
import { gradientTables } from './gradientTables';
import { optimizeLayout, optimizeLayoutTask, type LayoutDescent } from './optimizeLayout';
import { completeOptions, defaultEpochs, type CompleteUmapOptions, type UmapOptions } from './options';
import { meanOf, smoothDistances } from './smoothDistances';
import { startPositions } from './startPositions';

/** Fewer epochs than this prune no edges, as in umap-learn. */
const fewEpochs = 10;
/** Time between two reports of how far the descent is. */
const reportEveryMs = 200;

/**
 * Uniform Manifold Approximation and Projection (McInnes, Healy and Melville, arXiv:1802.03426), after
 * umap-learn 0.5.3. The same seed gives the same embedding, with and without threads. As there, neighbours are
 * cut to n − 1 (but at least 2) where the data is smaller.
 * @param data `n × d`, at least two rows.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export async function fitUmap(
  data: Matrix,
  options: UmapOptions,
  random: Random,
  control?: RunControl,
): Promise<FittedUmap> {
  checkMatrix(data, { minimumRows: 2 });
  const complete = completeOptions(options, data.n);
  checkAborted(control);
  const report = (stage: string, done: number, total: number): void => {
    control?.onProgress?.({ stage, done, total });
  };

  report('neighbours', 0, 1);
  const k = data.n <= complete.neighbors ? Math.max(2, data.n - 1) : complete.neighbors;
  const neighbors = await nearestNeighbors(
    data,
    { neighbors: k, metric: complete.metric },
    random.fork('neighbours'),
    control,
  );
  report('neighbours', 1, 1);

  const meanDistance = meanOf(neighbors.distances);
  const metric = smoothDistances(neighbors, complete.localConnectivity, meanDistance);
  const graph = pruned(fuzzySimplicialSet(neighbors, metric, complete.setOperationMixRatio), complete.epochs);
  checkAborted(control);

  report('start', 0, 1);
  const { positions, start } = await startPositions(data, graph, complete, random.fork('start'), control);
  report('start', 1, 1);

  const curve = fitCurve(complete.spread, complete.minimumDistance);
  const descent = descentOf(
    graph,
    positions,
    complete,
    gradientTables(curve, complete.repulsionStrength),
    random,
  );
  const values = await descend(descent, report, control);
  return fittedUmap({
    options: complete,
    training: { values: data.values.slice(), n: data.n, d: data.d },
    embedding: { values, n: data.n, d: complete.components },
    neighbors: k,
    meanDistance,
    curve,
    start,
    transformEpochs: transformEpochs(options.epochs),
    seed: random.fork('transform').integer(2 ** 32),
  });
}

/** umap-learn's epochs for new points: a third of the fit's, where those were given. */
function transformEpochs(epochs: number | undefined): number {
  return epochs === undefined ? 100 : Math.max(1, Math.floor(epochs / 3));
}

/** Without the edges that would not fire once in all epochs. */
function pruned(graph: SparseGraph, epochs: number): SparseGraph {
  const effective = epochs > fewEpochs ? epochs : defaultEpochs(graph.n);
  return pruneGraph(graph, largestWeight(graph) / effective);
}

function largestWeight({ weights }: SparseGraph): number {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, weight);
  return largest;
}

function descentOf(
  graph: SparseGraph,
  embedding: Float32Array,
  options: CompleteUmapOptions,
  tables: LayoutDescent['tables'],
  random: Random,
): LayoutDescent {
  const heads = new Int32Array(graph.columns.length);
  for (let row = 0; row < graph.n; row++) heads.fill(row, graph.starts[row], graph.starts[row + 1]);
  const largest = largestWeight(graph);
  const draws = random.fork('layout');
  return {
    embedding,
    dimensions: options.components,
    heads,
    tails: graph.columns,
    epochsPerSample: graph.weights.map((weight) => largest / weight),
    epochs: options.epochs,
    learningRate: options.learningRate,
    negativeSampleRate: options.negativeSampleRate,
    tables,
    seed: Uint32Array.from({ length: 4 }, () => 1 + draws.integer(2 ** 32 - 1)),
    progress: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
  };
}

async function descend(
  descent: LayoutDescent,
  report: (stage: string, done: number, total: number) => void,
  control: RunControl | undefined,
): Promise<Float32Array> {
  const watch = (): void => {
    report('layout', Atomics.load(descent.progress, 0), descent.epochs);
  };
  watch();
  const timer = setInterval(watch, reportEveryMs);
  try {
    return control?.threads
      ? await control.threads.run(optimizeLayoutTask, descent, control.signal)
      : await optimizeLayout(descent, control);
  } finally {
    clearInterval(timer);
    watch();
  }
}
