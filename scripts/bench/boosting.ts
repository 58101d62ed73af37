import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { seededRandom } from '../../src/contracts';
import { rocAuc } from '../../src/learn/score';
import { createThreadPool } from '../../src/learn/threads';
import { fitGradientBoosting, predictMargins } from '../../src/learn/trees';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';
import { fitWithXgboost, type PeerRows } from './boostingPeer';

/** Rows of some weeks of a fleet's windows, as many columns as a server has metrics. */
const rows = 200_000;
const heldRows = 50_000;
const columns = 37;
const rounds = 100;
const explained = 5_000;
const wideRows = 20_000;
const wideColumns = 304;
const seed = 42;

export const benchmarks: Benchmark[] = [{ name: 'boosting', run }];

async function run(context: BenchmarkContext): Promise<Measurement[]> {
  const threadCount = availableParallelism();
  const threads = createThreadPool(threadCount);
  try {
    const training = labelledRows(rows, columns, 'training');
    const held = labelledRows(heldRows, columns, 'held out');
    context.log(`boosting: fitting ${rows} × ${columns}`);
    const fit = (part: PeerRows): ReturnType<typeof fitGradientBoosting> =>
      fitGradientBoosting(part.data, part.labels, { rounds }, seededRandom(seed), { threads });
    // Threads start and kernels compile once in a process.
    await fit(labelledRows(1_000, columns, 'training'));
    const [fitSeconds, model] = await timed(() => fit(training));
    const auc = rocAuc(model.predictMargins(held.data), held.labels);
    const queries = { ...held.data, values: held.data.values.slice(0, explained * columns), n: explained };
    const [contributionSeconds] = await timed(() => model.contributions(queries, { threads }));

    context.log('boosting: the same with xgboost');
    const peer = await fitWithXgboost(training, held, { rounds, threads: threadCount, explained });
    const theirs = 'missing' in peer ? undefined : peer;
    const named = (value: number | undefined): NonNullable<Measurement['peer']> => ({
      name: theirs ? `xgboost ${theirs.version}` : 'xgboost',
      value,
      ...('missing' in peer && { note: peer.missing }),
    });

    context.log(`boosting: scoring ${wideRows} × ${wideColumns}`);
    const wide = labelledRows(wideRows, wideColumns, 'wide');
    const wideModel = await fit(wide);
    const [scoreSeconds] = await timed(() => Promise.resolve(predictMargins(wideModel.ensemble, wide.data)));
    return [
      {
        figure: `boosting fit ${rows.toLocaleString('en')} × ${columns}, depth 6, ${rounds} rounds`,
        value: fitSeconds,
        unit: 's',
        target: "<= the peer's",
        peer: named(theirs?.fitSeconds),
        ...(theirs && { ratio: theirs.fitSeconds / fitSeconds }),
      },
      {
        figure: 'boosting AUC on held-out rows',
        value: auc,
        unit: '',
        target: "within 0.002 of the peer's",
        peer: named(theirs?.auc),
        ...(theirs && { extra: { difference: auc - theirs.auc } }),
      },
      {
        figure: `TreeSHAP of ${explained.toLocaleString('en')} rows`,
        value: contributionSeconds,
        unit: 's',
        target: "<= the peer's",
        peer: named(theirs?.contributionSeconds),
        ...(theirs && { ratio: theirs.contributionSeconds / contributionSeconds }),
      },
      {
        figure: `boosting rows scored a second, ${wideColumns} columns, in process, 1 thread`,
        value: wideRows / scoreSeconds,
        unit: 'rows/s',
        target: '> 100,000',
      },
    ];
  } finally {
    await threads.close();
  }
}

async function timed<Value>(work: () => Promise<Value>): Promise<[number, Value]> {
  const start = performance.now();
  const value = await work();
  return [(performance.now() - start) / 1000, value];
}

/**
 * Slopes, a wave, a step and an interaction among columns of noise. All columns that interact also count alone:
 * otherwise, which columns a tree happens to draw moves the AUC more than what is to be compared.
 */
function labelledRows(n: number, d: number, stream: string): PeerRows {
  const random = seededRandom(seed).fork(stream);
  const values = Float32Array.from({ length: n * d }, () => random.normal());
  const labels = new Uint8Array(n);
  for (let row = 0; row < n; row++) {
    const x = values.subarray(row * d, row * d + 8);
    const margin =
      1.5 * x[0]! + x[1]! - x[2]! + 0.5 * x[0]! * x[1]! + Math.sin(2 * x[3]!) + (x[4]! > 1 ? 2 : 0) - 2;
    labels[row] = random.next() < 1 / (1 + Math.exp(-2 * margin)) ? 1 : 0;
  }
  return { data: { values, n, d }, labels };
}
