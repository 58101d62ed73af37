import { describe, expect, test } from '@jest/globals';
import { pipelineStatus, reportHealth } from '../../../src/incidents';
import { finishRun, startRun } from '../../../src/platform/pipelineRun';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets } from '../../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const platforms = withPlatform();

describe('overdue training', () => {
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
    await reportHealth(platform, signal);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'training.overdue',
      value: 1,
      dimensions: { scope: techCenter },
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
