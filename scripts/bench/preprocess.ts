import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureAzurite } from '../../src/host';
import { generateTickets } from '../../src/incidents/demo/generateTickets';
import { composePlatform } from '../../src/platform/compose';
import type { Benchmark, BenchmarkContext, Measurement } from './benchmark';

const run = promisify(execFile);
const storeAtOnce = 2_000;

interface Measured {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly stored: number;
  readonly quarantined: number;
  readonly failed: number;
}

/** 15,000 new tickets of 15 tech centres on fresh tables: the local embedder is trained in the same run. */
export const benchmarks: readonly Benchmark[] = [{ name: 'preprocess', run: measure }];

async function measure(context: BenchmarkContext): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-bench-'));
  const azurite = await ensureAzurite(folder);
  const environment = {
    QUARTERDECK_DATA_DIR: folder,
    QUARTERDECK_ARTIFACTS_CONTAINER: `bench-${randomUUID()}`,
    QUARTERDECK_LOG_LEVEL: 'warning',
    AzureWebJobsStorage: azurite.connectionString,
  };
  try {
    context.log('storing 15,000 generated tickets');
    await fill(environment);
    context.log('preprocessing them');
    const { stdout } = await run(process.execPath, [join(__dirname, 'preprocessProcess.js')], {
      env: { ...process.env, ...environment },
      maxBuffer: 64 * 1024 * 1024,
    });
    const measured = JSON.parse(stdout.trim().split('\n').at(-1)!) as Measured;
    const { stored, quarantined, failed } = measured;
    return [
      {
        figure: 'preprocess 15,000 tickets, 15 centres, embedder trained',
        value: measured.seconds,
        unit: 's',
        target: '<= 60',
        extra: { stored, quarantined, failed },
      },
      { figure: 'preprocess, peak memory', value: measured.peakMiB, unit: 'MiB', target: '<= 1536' },
    ];
  } finally {
    await azurite.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fill(environment: Readonly<Record<string, string>>): Promise<void> {
  const { incidents } = generateTickets({
    seed: 1,
    endingQuarter: { year: 2026, quarter: 'q3' },
    perQuarter: 334,
  });
  const platform = composePlatform(environment);
  const signal = AbortSignal.timeout(300_000);
  try {
    await platform.warehouse.prepare(signal);
    for (let start = 0; start < incidents.length; start += storeAtOnce) {
      await platform.warehouse.mergeIncidents(incidents.slice(start, start + storeAtOnce), signal);
    }
  } finally {
    await platform.close();
  }
}
