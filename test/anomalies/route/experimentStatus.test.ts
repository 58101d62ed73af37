import { describe, expect, test } from '@jest/globals';
import { experimentStatus, stepExperiment } from '../../../src/anomalies';
import { setRouting } from '../../../src/anomalies/route/routingState';
import { toTimestamp } from '../../../src/contracts';
import { anomalyScope, setAlias } from '../../../src/registry';
import { withPlatform } from '../../support/platform';
import { publish } from '../../support/versions';
import { anomalyScore, reviewRow } from '../../support/warehouseRows';

const signal = AbortSignal.timeout(100_000);
const order = { by: 'a test', reason: 'to see' };
const hour = 3_600_000;

describe('the comparison of champion and challenger', () => {
  const open = withPlatform();

  async function setUp() {
    const platform = await open();
    const version = await publish(platform, anomalyScope('xgboost_anomaly'), 'champion');
    const other = await publish(platform, anomalyScope('catboost_anomaly'), 'challenger');
    await setAlias(platform, 'champion', { model: 'xgboost_anomaly', version }, order, signal);
    return { platform, version, other };
  }

  test('is none without a challenger, or while the challenger gets nothing to score', async () => {
    const { platform, other } = await setUp();
    expect(await experimentStatus(platform, signal)).toBeUndefined();
    await setAlias(platform, 'challenger', { model: 'catboost_anomaly', version: other }, order, signal);
    expect(await experimentStatus(platform, signal)).toMatchObject({ decision: 'running' });
    await setRouting(platform, { champion: 100, challenger: 0 }, order, signal);
    expect(await experimentStatus(platform, signal)).toBeUndefined();
    await setRouting(platform, { champion: 100, challenger: 0, shadow: true }, order, signal);
    expect(await experimentStatus(platform, signal)).toMatchObject({ decision: 'running' });
  });

  test('counts verdicts as they arrive, decides, and stands by its decision', async () => {
    const { platform, version, other } = await setUp();
    await setAlias(platform, 'challenger', { model: 'catboost_anomaly', version: other }, order, signal);
    const began = platform.clock.now();
    platform.clock.advance(hour);
    const rows = Array.from({ length: 300 }, (_, index) => index);
    const at = (index: number) => toTimestamp(began - index * hour);
    // The champion is right in every second case, the challenger always.
    const scores = rows.flatMap((index) => [
      anomalyScore({
        at: at(index),
        modelVersion: version,
        label: index % 2,
        scoredAt: toTimestamp(began + 1),
      }),
      anomalyScore({
        at: at(index),
        model: 'catboost_anomaly',
        modelVersion: other,
        role: 'shadow',
        label: 1,
        scoredAt: toTimestamp(began + 1),
      }),
    ]);
    await platform.warehouse.mergeAnomalyScores(scores, signal);
    const review = (index: number) =>
      reviewRow({ reviewId: `r${index}`, instance: 'web-1', at: at(index), verdict: 'anomaly' });
    await platform.warehouse.mergeReviews(rows.slice(0, 20).map(review), signal);
    expect(await experimentStatus(platform, signal)).toMatchObject({
      decision: 'running',
      arms: { champion: { outcomes: 20, correct: 10 }, challenger: { outcomes: 20, correct: 20 } },
    });
    await platform.warehouse.mergeReviews(rows.map(review), signal);
    expect(await experimentStatus(platform, signal)).toMatchObject({ arms: { champion: { outcomes: 20 } } });
    const decided = await stepExperiment(platform, signal);
    expect(decided).toMatchObject({ decision: 'challenger', arms: { champion: { outcomes: 300 } } });
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'experiment.decided')).toHaveLength(1);
    platform.clock.advance(48 * hour);
    expect(await stepExperiment(platform, signal)).toEqual(decided);
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'experiment.decided')).toHaveLength(1);
  });

  test('is over after a day even if nobody has judged anything', async () => {
    const { platform, other } = await setUp();
    await setAlias(platform, 'challenger', { model: 'catboost_anomaly', version: other }, order, signal);
    platform.clock.advance(24 * hour);
    expect(await stepExperiment(platform, signal)).toMatchObject({ decision: 'no-difference' });
  });
});
