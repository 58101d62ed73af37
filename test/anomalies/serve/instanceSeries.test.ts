import { expect, test } from '@jest/globals';
import { computeFeatures } from '../../../src/anomalies';
import { firstSeenBy, minuteOf, seriesOf } from '../../../src/anomalies/serve/instanceSeries';
import { toTimestamp } from '../../../src/contracts';
import { featureSetFor } from '../../../src/anomalies/features';
import { withPlatform } from '../../support/platform';
import { logEvent, logTemplate } from '../../support/warehouseRows';

const signal = (): AbortSignal => AbortSignal.timeout(20_000);
const platform = withPlatform();

test('a template that two instances log in its first minute is new for one of them, while scoring as while training', async () => {
  const { warehouse } = await platform();
  const at = toTimestamp('2026-07-01T12:00:10Z');
  const minute = minuteOf(at);
  const instances = ['web-1', 'web-2'];
  const set = featureSetFor([], { logs: true });
  await warehouse.mergeLogTemplates(
    [logTemplate({ templateId: 't1', firstInstance: 'web-1', firstSeenAt: at })],
    signal(),
  );
  await warehouse.mergeLogEvents(
    instances.map((instance) => logEvent({ recordId: instance, instance, at, templateId: 't1' })),
    signal(),
  );
  const column = set.names.indexOf('new_templates');
  const trained: number[] = [];
  const query = {
    set,
    instances,
    from: toTimestamp(minute * 60_000),
    to: toTimestamp((minute + 1) * 60_000),
  };
  for await (const { matrix } of warehouse.metricFeatures(query, signal())) {
    for (let row = 0; row < matrix.n; row++) trained.push(matrix.values[row * matrix.d + column]!);
  }
  const templates = await warehouse.logTemplates(signal());
  const scored = instances.map((instance) => {
    const logs = [{ at, level: 'info' as const, templateId: 't1' }];
    const series = seriesOf(set, [], logs, { from: minute, to: minute }, firstSeenBy(instance, templates));
    return computeFeatures(set, series).values[column];
  });
  expect(trained).toEqual([1, 0]);
  expect(scored).toEqual(trained);
});
