import { expect, test } from '@jest/globals';
import { watchPipelines } from '../../src/incidents';
import { withPlatform } from '../support/platform';
import { embeddingService, techCenter, trainCenterOn } from '../support/trainedCenter';

const signal = AbortSignal.timeout(120_000);
const platforms = withPlatform();

test('poison messages and overdue training are told, and so is that there are none', async () => {
  const platform = await platforms({ overrides: { embeddingService } });
  await trainCenterOn(platform);
  await watchPipelines(platform, signal);
  const values = (name: string) =>
    platform.telemetry.metrics.filter((metric) => metric.name === name).map(({ value }) => value);
  expect(values('queue.poison')).toEqual([0, 0, 0]);
  expect(values('training.overdue')).toEqual([0]);

  await platform.queues.send('predict-requests-poison', [{ techCenter }, { techCenter }], signal);
  platform.clock.advance((platform.settings.TRAIN_OVERDUE_DAYS + 1) * 86_400_000);
  await watchPipelines(platform, signal);
  expect(
    values('queue.poison')
      .slice(3)
      .toSorted((a, b) => a - b),
  ).toEqual([0, 0, 2]);
  expect(values('training.overdue')).toEqual([0, 1]);
});
