import { performance } from 'node:perf_hooks';
import { availableParallelism } from 'node:os';
import { seededRandom } from '../../src/contracts';
import { fitUmap, type UmapOptions } from '../../src/learn/manifold';
import type { Matrix } from '../../src/learn/matrix';
import { trustworthiness } from '../../src/learn/score';
import { createThreadPool, type ThreadPool } from '../../src/learn/threads';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { fitWithUmapJsTask } from './umapJsPeer';
import { fitWithUmapLearn } from './umapLearnPeer';

/** The size of a large tech centre's quarter, and of sentence embeddings. */
const rows = 10_000;
const newRows = 1_000;
const columns = 384;
const groups = 60;
const seed = 42;
const options: UmapOptions = { components: 5, neighbors: 15, minimumDistance: 0, metric: 'cosine' };
/** Neighbours whose faithfulness is judged. */
const judgedNeighbors = 15;
const umapJsLimitMs = 180_000;

export const benchmarks: Benchmark[] = [{ name: 'umap', run }];

async function run(context: BenchmarkContext): Promise<Measurement[]> {
  const data = groupedRows(rows, 'training');
  const queries = groupedRows(newRows, 'new');
  const threads = createThreadPool(availableParallelism());
  try {
    context.log(`UMAP: fitting ${rows} × ${columns}`);
    const fitStart = performance.now();
    const fitted = await fitUmap(data, options, seededRandom(seed), { threads });
    const fitSeconds = (performance.now() - fitStart) / 1000;
    const transformStart = performance.now();
    await fitted.transform(queries, { threads });
    const transformSeconds = (performance.now() - transformStart) / 1000;
    const judge = (embedding: Matrix): Promise<number> =>
      trustworthiness(data, embedding, { neighbors: judgedNeighbors, metric: options.metric }, { threads });
    const trust = await judge(fitted.embedding);

    context.log('UMAP: the same with umap-learn');
    const learn = await fitWithUmapLearn(data, queries, { ...options, seed });
    const learnTrust = 'missing' in learn ? undefined : await judge(learn.embedding);
    context.log('UMAP: the same with umap-js');
    const js = await timeUmapJs(data, threads);

    const size = `${rows.toLocaleString('en')} × ${columns} to ${options.components}`;
    const note = 'missing' in learn ? { note: learn.missing } : {};
    const peer = (value: number | undefined): NonNullable<Measurement['peer']> => ({
      name: 'umap-learn',
      value,
      ...note,
    });
    const timed = 'missing' in learn ? undefined : learn;
    return [
      {
        figure: `UMAP fit ${size}`,
        value: fitSeconds,
        unit: 's',
        target: '<= 11.2',
        peer: peer(timed?.fitSeconds),
        ...(timed && { ratio: timed.fitSeconds / fitSeconds }),
        extra: { start: fitted.start },
      },
      {
        figure: `UMAP fit ${size}`,
        value: fitSeconds,
        unit: 's',
        peer: { name: 'umap-js', ...js },
        ...(js.value !== undefined && { ratio: js.value / fitSeconds }),
      },
      {
        figure: `UMAP trustworthiness at ${judgedNeighbors} neighbours`,
        value: trust,
        unit: '',
        target: "within 0.005 of the peer's",
        peer: peer(learnTrust),
        ...(learnTrust !== undefined && { extra: { difference: trust - learnTrust } }),
      },
      {
        figure: `UMAP transform of ${newRows.toLocaleString('en')} points`,
        value: transformSeconds,
        unit: 's',
        target: '<= 2',
        peer: peer(timed?.transformSeconds),
        ...(timed && { ratio: timed.transformSeconds / transformSeconds }),
      },
    ];
  } finally {
    await threads.close();
  }
}

/** Groups of unit rows, each group on a curved sheet of its own: shaped like embedded texts. */
function groupedRows(count: number, stream: string): Matrix {
  const latent = 8;
  const shape = seededRandom(seed).fork('shape');
  const centers = Float32Array.from({ length: groups * columns }, () => shape.normal());
  const axes = Float32Array.from({ length: groups * latent * columns }, () => 0.35 * shape.normal());
  const draws = seededRandom(seed).fork(stream);
  const values = new Float32Array(count * columns);
  for (let row = 0; row < count; row++) {
    const group = draws.integer(groups);
    const place = Float32Array.from({ length: latent }, () => draws.normal());
    let square = 0;
    for (let k = 0; k < columns; k++) {
      let value = centers[group * columns + k]! + 0.25 * draws.normal();
      for (let j = 0; j < latent; j++) value += place[j]! * axes[(group * latent + j) * columns + k]!;
      values[row * columns + k] = value;
      square += value * value;
    }
    for (let k = 0; k < columns; k++) values[row * columns + k]! /= Math.sqrt(square);
  }
  return { values, n: count, d: columns };
}

async function timeUmapJs(
  data: Matrix,
  threads: ThreadPool,
): Promise<{ value: number | undefined; note?: string }> {
  const signal = AbortSignal.timeout(umapJsLimitMs);
  try {
    return { value: await threads.run(fitWithUmapJsTask, { data, ...options, seed }, signal) };
  } catch (error) {
    if (!signal.aborted) throw error;
    return { value: undefined, note: `not done after ${umapJsLimitMs / 1000} s` };
  }
}
