import { expect, test } from '@jest/globals';
import { reportHealth } from '../../src/incidents';
import { withPlatform } from '../support/platform';
import { embeddingService, techCenter, trainCenterOn } from '../support/trainedCenter';

const platforms = withPlatform();
const signal = AbortSignal.timeout(120_000);

test('overdue trainings and poison messages are metrics, and so is their absence', async () => {
  const platform = await platforms({ overrides: { embeddingService } });
  await trainCenterOn(platform);
  const report = async () => {
    platform.telemetry.metrics.length = 0;
    await reportHealth(platform, signal);
    return platform.telemetry.metrics;
  };
  const overdue = (value: number) => ({
    name: 'training.overdue',
    value,
    dimensions: { scope: techCenter },
  });
  const poison = (value: number) => ({
    name: 'queue.poison',
    value,
    dimensions: { queue: 'predict-requests' },
  });
  expect(await report()).toEqual(expect.arrayContaining([overdue(0), poison(0)]));
  platform.clock.advance(101 * 86_400_000);
  await platform.queues.send('predict-requests-poison', [{}], signal);
  expect(await report()).toEqual(expect.arrayContaining([overdue(1), poison(1)]));
});
