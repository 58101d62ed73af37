import { parseQuarter, type PipelineRun } from '../../src/contracts';
import { predictCenter, trainQuarter } from '../../src/incidents';
import { composePlatform } from '../../src/platform/compose';
import type { Platform } from '../../src/platform/platform';

/**
 * Trains or predicts the data of its environment in a process of its own, so that its memory is its own.
 * `train QUARTER WORKERS` or `predict`; the last line on standard output is what was measured.
 */
async function main([command, quarter, workers]: readonly string[]): Promise<void> {
  const platform = composePlatform(process.env);
  const start = performance.now();
  const outcome =
    command === 'train' ? await train(platform, quarter!, Number(workers)) : await predict(platform);
  const seconds = (performance.now() - start) / 1_000;
  await platform.close();
  const peakMiB = process.resourceUsage().maxRSS / 1_024;
  process.stdout.write(`${JSON.stringify({ seconds, peakMiB, ...outcome })}\n`);
}

async function train(platform: Platform, quarter: string, maxWorkers: number) {
  const { centers } = await trainQuarter(
    platform,
    { ...parseQuarter(quarter), maxWorkers, promote: true },
    { signal: new AbortController().signal },
  );
  return {
    rows: centers.reduce((sum, { rows }) => sum + rows, 0),
    failed: centers.filter(({ promotion }) => promotion !== 'current').length,
    clusters: centers.reduce((sum, { metrics }) => sum + (metrics['clusters'] ?? 0), 0),
  };
}

async function predict(platform: Platform) {
  const { signal } = new AbortController();
  const runs: PipelineRun[] = [];
  for (const { techCenter } of await platform.warehouse.techCenters(signal)) {
    runs.push(await predictCenter(platform, { techCenter }, signal));
  }
  const total = (name: string): number => runs.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0);
  return {
    rows: total('rows'),
    noise: total('noise'),
    failed: runs.filter(({ status }) => status !== 'ok').length,
  };
}

void main(process.argv.slice(2));
