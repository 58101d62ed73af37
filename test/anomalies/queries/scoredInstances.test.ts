import { expect, test } from '@jest/globals';
import { scoredInstances } from '../../../src/anomalies';
import { timestampMs } from '../../../src/contracts';
import { temporaryDuckDb } from '../../support/warehouse';
import { anomalyScore } from '../../support/warehouseRows';
import { testClock } from '../../support/testClock';

test('the window is counted back from now', async () => {
  const signal = AbortSignal.timeout(60_000);
  const { warehouse, remove } = await temporaryDuckDb();
  const clock = testClock(timestampMs('2026-07-08T12:00:00.000000Z'));
  try {
    await warehouse.mergeAnomalyScores(
      [
        anomalyScore({ at: '2026-07-01T08:00:00.000000Z' }),
        anomalyScore({ at: '2026-07-08T08:00:00.000000Z' }),
      ],
      signal,
    );
    const week = await scoredInstances({ warehouse, clock }, { days: 7, limit: 10 }, signal);
    expect(week).toMatchObject({ from: '2026-07-01T12:00:00.000000Z', instances: [{ rows: 1 }] });
    const longer = await scoredInstances({ warehouse, clock }, { days: 8, limit: 10 }, signal);
    expect(longer.instances).toMatchObject([{ rows: 2 }]);
  } finally {
    await remove();
  }
});
