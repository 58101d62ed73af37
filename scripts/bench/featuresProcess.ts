import { performance } from 'node:perf_hooks';
import { shiftTimestamp } from '../../src/contracts';
import { featureSetFor } from '../../src/anomalies/features';
import { systemClock } from '../../src/platform/systemClock';
import {
  fillFeatureTrial,
  readWideWindows,
  trialInstance,
  trialMetric,
  trialStart,
  type FeatureTrial,
} from '../../src/platform/warehouse/duckdb/featureTrial';
import { openDuckDbWarehouse } from '../../src/platform/warehouse/duckdb/openDuckDbWarehouse';
import { tableNames } from '../../src/platform/warehouse/tableNames';

const limitMs = 600_000;

/** One step of the benchmark of features in a process of its own, so that its memory is its own. */
async function main(step: string, file: string, sizes: string): Promise<void> {
  const [instances, metrics, minutes] = sizes.split('x').map(Number) as [number, number, number];
  const names = tableNames({ QUARTERDECK_TABLE_PREFIX: '', QUARTERDECK_INCIDENTS_TABLE: 'incidents' });
  const memoryLimit = process.env['QUARTERDECK_DUCKDB_MEMORY'] ?? '1GiB';
  const trial: FeatureTrial = { file, memoryLimit, names, instances, metrics, minutes };
  const start = performance.now();
  const rows =
    step === 'fill'
      ? await fill(trial)
      : step === 'wide'
        ? await readWideWindows(trial)
        : await readLong(trial);
  const seconds = (performance.now() - start) / 1_000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds, peakMiB: maxRSS / 1_024, rows })}\n`);
}

function open({ file, names, memoryLimit }: FeatureTrial): ReturnType<typeof openDuckDbWarehouse> {
  return openDuckDbWarehouse({ file, tables: names, clock: systemClock, memoryLimit });
}

async function fill(trial: FeatureTrial): Promise<number> {
  const warehouse = open(trial);
  await warehouse.prepare(AbortSignal.timeout(limitMs));
  await warehouse.close();
  await fillFeatureTrial(trial);
  return trial.instances * trial.metrics * trial.minutes;
}

/** From points to the features of the standard set, as a training reads them; the parts are let go of. */
async function readLong(trial: FeatureTrial): Promise<number> {
  const warehouse = open(trial);
  const set = featureSetFor(
    Array.from({ length: trial.metrics }, (_, index) => ({
      name: trialMetric(index),
      kind: 'gauge' as const,
    })),
  );
  const instances = Array.from({ length: trial.instances }, (_, index) => trialInstance(index));
  const query = { set, instances, from: trialStart, to: shiftTimestamp(trialStart, trial.minutes * 60_000) };
  let rows = 0;
  for await (const part of warehouse.metricFeatures(query, AbortSignal.timeout(limitMs)))
    rows += part.matrix.n;
  await warehouse.close();
  return rows;
}

void main(process.argv[2]!, process.argv[3]!, process.argv[4]!);
