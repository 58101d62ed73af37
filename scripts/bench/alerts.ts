import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';

const execute = promisify(execFile);

/** Whole runs, as the command line makes them, on a large graph; each size in a process of its own. */
const nodes = 2_000;
const sizes = [1_000, 10_000, 30_000, 100_000] as const;
const targets: Readonly<Record<number, string>> = { 1_000: '<= 1', 100_000: '<= 60' };
const memoryTarget = '<= 2048';
const mostOutputBytes = 16 * 1024 * 1024;

export interface AlertRunFigures {
  readonly alerts: number;
  readonly groups: number;
  /** The whole run: read what is known, group, describe, keep for training, write files and tables. */
  readonly seconds: number;
  /** Of a small run: the run before it in the same process, which saw the graph for the first time. */
  readonly firstRunSeconds?: number;
  /** Of it, from alerts to ranked groups. */
  readonly groupingSeconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

async function run(context: BenchmarkContext): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
  const step = async (alerts: number): Promise<AlertRunFigures> => {
    context.log(`alerts: ${alerts === 0 ? 'training a model' : alerts}`);
    const { stdout } = await execute(
      process.execPath,
      [join(__dirname, 'alertsProcess.js'), folder, String(nodes), String(alerts)],
      { maxBuffer: mostOutputBytes, env: { ...process.env, QUARTERDECK_LOG_LEVEL: 'silent' } },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as AlertRunFigures;
  };
  try {
    await step(0);
    const measured: AlertRunFigures[] = [];
    for (const size of sizes) measured.push(await step(size));
    return [
      ...measured.map((figures, place): Measurement => {
        const target = targets[sizes[place]!];
        return {
          figure: `grouping run, ${figures.alerts} alerts on ${nodes} services`,
          value: figures.seconds,
          unit: 's',
          ...(target !== undefined && { target }),
          extra: {
            ...(figures.firstRunSeconds !== undefined && { firstRunSeconds: figures.firstRunSeconds }),
            groupingSeconds: figures.groupingSeconds,
            cpuSeconds: figures.cpuSeconds,
            peakMiB: Math.round(figures.peakMiB),
            groups: figures.groups,
          },
        };
      }),
      {
        figure: `peak memory, ${measured.at(-1)!.alerts} alerts`,
        value: Math.round(measured.at(-1)!.peakMiB),
        unit: 'MiB',
        target: memoryTarget,
      },
      growth(measured[1]!, measured[3]!),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Time from one size to the next, over what n log n would take. */
function growth(small: AlertRunFigures, large: AlertRunFigures): Measurement {
  const cost = ({ alerts }: AlertRunFigures): number => alerts * Math.log(alerts);
  return {
    figure: `growth from ${small.alerts} to ${large.alerts} alerts, against n log n`,
    value: large.seconds / small.seconds / (cost(large) / cost(small)),
    unit: '×',
    target: '<= 1',
  };
}

export const benchmarks: readonly Benchmark[] = [{ name: 'alerts', run }];
