import { describe, expect, test } from '@jest/globals';
import { reviewQueue, submitReview, trainAnomalyModels } from '../../../../src/anomalies';
import { timestampMs, toTimestamp } from '../../../../src/contracts';
import { decodeAnomalyModel } from '../../../../src/anomalies/model';
import { anomalyScope, readAliases, resolveModel } from '../../../../src/registry';
import { withPlatform } from '../../../support/platform';
import { isFault, storeFleet } from '../../../support/storedFleet';

const signal = (): AbortSignal => AbortSignal.timeout(240_000);
const startAt = toTimestamp('2026-06-01T00:00:00Z');
const windowDays = 1;
const to = toTimestamp('2026-06-02T00:00:00Z');

describe('trainAnomalyModels', () => {
  const platform = withPlatform();

  test('without verdicts promotes the isolation forest and asks for reviews; with them learns, judges and promotes', async () => {
    const p = await platform({
      environment: {
        ANOMALY_REVIEW_SHARE: '0.04',
        ANOMALY_REVIEW_HOURS: '100',
        ANOMALY_GATE_F1: '0.2',
        ANOMALY_GATE_PRECISION: '0.2',
      },
    });
    const fleet = await storeFleet(p, {
      seed: 11,
      servers: 2,
      weeks: windowDays / 7,
      startAt,
      faultsPerServerWeek: 40,
    });
    const request = { to, windowDays, fast: true };
    const first = await trainAnomalyModels(p, request, { signal: signal() });
    expect(first.models.map(({ model, promotion }) => [model, promotion])).toEqual([
      ['isolation_forest', 'promoted'],
    ]);
    expect(first.aliases?.champion?.model).toBe('isolation_forest');
    expect(first.verdicts).toEqual({ anomaly: 0, normal: 0 });
    expect(first.reviews.picked).toBeGreaterThan(20);
    expect(first.reviews.picked).toBeLessThanOrEqual(first.reviews.budget);

    const { items } = await reviewQueue(p, { limit: 10_000 }, signal());
    expect(items).toHaveLength(first.reviews.picked);
    for (const { itemId, instance, at } of items) {
      const verdict = isFault(fleet, instance, timestampMs(at)) ? 'anomaly' : 'normal';
      await submitReview(p, { itemId, reviewer: 'scripted', verdict }, signal());
    }
    p.clock.advance(60_000);
    const second = await trainAnomalyModels(p, request, { signal: signal() });
    expect(second.verdicts.anomaly + second.verdicts.normal).toBe(items.length);
    expect(second.models.map(({ model }) => model)).toEqual([
      'xgboost_anomaly',
      'catboost_anomaly',
      'isolation_forest',
    ]);
    // Judged by what people saw and by all that is known, and against the forest that answers.
    expect(second.models[0]!.checks.map(({ name }) => name)).toEqual([
      'f1',
      'f1 of reviewed rows',
      'precision',
      'precision of reviewed rows',
      'not worse than the champion',
    ]);
    // Nobody is asked about the same row again, and the window's budget is kept.
    expect(second.reviews.shownBefore + second.reviews.picked).toBeLessThanOrEqual(second.reviews.budget);
    const promoted = second.models.filter(({ promotion }) => promotion === 'promoted');
    for (const { model, version } of promoted) {
      const resolved = await resolveModel(p, anomalyScope(model), signal());
      expect(resolved.version).toBe(version);
      expect(decodeAnomalyModel(resolved)).toMatchObject({ name: model, version });
      expect(resolved.manifest.dataWindow).toMatchObject({ from: startAt, to });
    }
    const champion = (await readAliases(p, signal()))?.aliases.champion;
    expect(promoted.map(({ model, version }) => ({ model, version }))).toContainEqual(champion);
    const [run] = await p.warehouse.runs({ pipeline: 'anomaly-train', limit: 1 }, signal());
    expect(run).toMatchObject({ status: 'ok', counts: { reviewed: items.length } });
  }, 240_000);

  test('a window without rows fails, and the run says so', async () => {
    const p = await platform();
    await expect(
      trainAnomalyModels(p, { to, windowDays, fast: true }, { signal: signal() }),
    ).rejects.toMatchObject({ code: 'DATA_EMPTY' });
    const [run] = await p.warehouse.runs({ pipeline: 'anomaly-train', limit: 1 }, signal());
    expect(run).toMatchObject({ status: 'failed', errorCode: 'DATA_EMPTY' });
  });
});
