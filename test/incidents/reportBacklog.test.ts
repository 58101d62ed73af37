import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { pipelineStatus } from '../../src/incidents';
import { finishRun, startRun } from '../../src/incidents/run';
import { reportBacklog } from '../../src/incidents/reportBacklog';
import { metrics } from '../../src/platform/telemetry/metrics';
import { withPlatform } from '../support/platform';
import { storePreprocessed, syntheticTickets } from '../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const platforms = withPlatform();

describe('what no run tells of itself', () => {
  test('messages given up and overdue trainings become metrics, and so does that there are none', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await trainCenterOn(platform);
    await platform.queues.send('train-requests-poison', ['a', 'b'], signal);
    await reportBacklog(platform, signal);
    const emitted = (name: string) => platform.telemetry.metrics.filter((metric) => metric.name === name);
    expect(emitted('queue.poison')).toEqual([
      expect.objectContaining({ value: 0, dimensions: { queue: 'preprocess-requests' } }),
      expect.objectContaining({ value: 2, dimensions: { queue: 'train-requests' } }),
      expect.objectContaining({ value: 0, dimensions: { queue: 'predict-requests' } }),
    ]);
    expect(emitted('training.overdue')).toEqual([
      expect.objectContaining({ value: 0, dimensions: { scope: techCenter } }),
    ]);
    platform.clock.advance(101 * 86_400_000);
    await reportBacklog(platform, signal);
    expect(emitted('training.overdue').at(-1)).toMatchObject({ value: 1 });
  });

  test('a centre whose trainings fail is overdue all the same', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await trainCenterOn(platform);
    platform.clock.advance(101 * 86_400_000);
    const failed = startRun(platform, 'train', techCenter);
    await finishRun(platform, failed, { error: new Error('out of memory') }, signal);
    expect(await pipelineStatus(platform, signal)).toMatchObject({
      trainingOverdue: true,
      centers: [{ state: 'failing', trainingOverdue: true }],
    });
  });

  test('a centre that could be trained and never was is overdue', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await storePreprocessed(platform, syntheticTickets(q3Tickets), embeddingService);
    const few = syntheticTickets({ ...q3Tickets, techCenter: 'Few', perTheme: 2 });
    await storePreprocessed(platform, few, embeddingService);
    const { centers } = await pipelineStatus(platform, signal);
    expect(centers).toMatchObject([
      { techCenter: 'Few', state: 'untrained', trainingOverdue: false },
      { techCenter, state: 'untrained', trainingOverdue: true },
    ]);
  });
});

test('every metric of the table is emitted somewhere', () => {
  const sources = readdirSync(join(process.cwd(), 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('metrics.ts'))
    .map((file) => readFileSync(join(process.cwd(), 'src', file), 'utf8'));
  const silent = Object.keys(metrics).filter((name) => !sources.some((text) => text.includes(`'${name}'`)));
  expect(silent).toEqual([]);
});
