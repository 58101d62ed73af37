import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { seededRandom, type MetricDeclaration } from '../../src/contracts';
import { featureSetFor, FeatureWindow } from '../../src/anomalies/features';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';

const execute = promisify(execFile);

/** 1 M rows of 38 metrics: seventeen days of forty servers. */
const instances = 40;
const metrics = 38;
const minutes = 25_000;
const rows = instances * minutes;
/** What a training may use on its way to 6 GiB in all. */
const memory = '2GiB';
const pushes = 200_000;

interface Step {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  readonly rows: number;
}

async function run(context: BenchmarkContext): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
  const file = join(folder, 'warehouse.duckdb');
  const step = async (name: string): Promise<Step> => {
    context.log(`features: ${name}`);
    const entry = join(__dirname, 'featuresProcess.js');
    const { stdout } = await execute(
      process.execPath,
      [entry, name, file, `${instances}x${metrics}x${minutes}`],
      {
        env: { ...process.env, QUARTERDECK_DUCKDB_MEMORY: memory },
      },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Step;
  };
  try {
    await step('fill');
    const long = await step('long');
    const wide = await step('wide');
    if (long.rows !== rows || wide.rows !== rows)
      throw new Error(`${long.rows} and ${wide.rows} rows, expected ${rows}`);
    const sizes = `${rows / 1e6} M rows × ${metrics} metrics`;
    const incremental = incrementalRowsPerSecond();
    return [
      {
        figure: `418 windowed features from points, ${sizes}`,
        value: long.seconds,
        unit: 's',
        target: '<= 30',
        peer: { name: '304 window functions, wide table', value: wide.seconds },
        ratio: wide.seconds / long.seconds,
        extra: { cpuSeconds: long.cpuSeconds, points: rows * metrics, memoryLimit: memory },
      },
      {
        figure: `peak memory of it`,
        value: long.peakMiB,
        unit: 'MiB',
        target: '<= 6144',
        peer: { name: '304 window functions, wide table', value: wide.peakMiB },
      },
      {
        figure: `features minute by minute, ${metrics} metrics, one thread`,
        value: incremental,
        unit: 'rows/s',
        target: '>= 20000',
        extra: { features: standardSet().names.length },
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function standardSet(): ReturnType<typeof featureSetFor> {
  return featureSetFor(
    Array.from({ length: metrics }, (_, index): MetricDeclaration => ({
      name: `metric_${index}`,
      kind: index % 10 === 9 ? 'counter' : 'gauge',
    })),
  );
}

function incrementalRowsPerSecond(): number {
  const set = standardSet();
  const random = seededRandom(1);
  const readings = new Float64Array(1_000 * metrics).map(() => random.next());
  const features = new Float32Array(set.names.length);
  let rate = 0;
  // The first pass warms up.
  for (let pass = 0; pass < 2; pass++) {
    const window = new FeatureWindow(set);
    const start = performance.now();
    for (let minute = 0; minute < pushes; minute++) {
      window.pushInto(minute, readings, (minute % 1_000) * metrics, undefined, features, 0);
    }
    rate = pushes / ((performance.now() - start) / 1_000);
  }
  return Math.round(rate);
}

export const benchmarks: readonly Benchmark[] = [{ name: 'features', run }];
