import { describe, expect, test } from '@jest/globals';
import { stormMetrics } from '../../../../src/alerts/rank';
import { toTimestamp, type AnomalyScore, type MetricPoint } from '../../../../src/contracts';
import { graphOf } from '../storm';

const index = graphOf([{ id: 'web' }, { id: 'payment' }], [['web', 'payment']]);
const startMs = Date.parse('2026-03-02T10:00:00Z');
const storm = { startMs, untilMs: startMs + 10 * 60_000 };

/** A value a minute from six hours before the storm to its end. */
function minutes(instance: string, metric: string, value: (minute: number) => number): MetricPoint[] {
  return Array.from({ length: 371 }, (_, position) => {
    const minute = position - 360;
    return {
      instance,
      metric,
      at: toTimestamp(startMs + minute * 60_000),
      value: value(minute),
    } as MetricPoint;
  });
}

function score(instance: string, given: Partial<AnomalyScore>): AnomalyScore {
  return {
    instance,
    at: toTimestamp(startMs),
    model: 'xgboost_anomaly',
    modelVersion: '2026-Q1-r1',
    role: 'champion',
    unit: instance,
    score: 0.9,
    label: 1,
    confidence: 0.9,
    threshold: 0.3,
    contributionsJson: '[{"feature":"disk_queue__mean_15m","value":4,"contribution":2}]',
    latencyMs: 1,
    scoredAt: toTimestamp(startMs),
    ...given,
  };
}

describe('metrics around a storm', () => {
  test('a latency that rises at the start of the storm is trouble of its service, a still one is not', () => {
    const points = [
      ...minutes('payment-579f59597d-wc2lz', 'latency_p95', (minute) =>
        minute >= -2 ? 900 : 100 + ((minute + 360) % 5),
      ),
      ...minutes('web-1', 'latency_p95', (minute) => 50 + ((minute + 360) % 7)),
    ];
    const { nodes } = stormMetrics({ points, scores: [] }, index, storm);
    expect(nodes.get(1)!.requests).toBeGreaterThan(3);
    expect(nodes.get(0)!.requests).toBeLessThan(0.8);
    expect(nodes.get(1)!.metrics[0]).toMatchObject({ metric: 'latency_p95', direction: 'up' });
    expect(Math.abs(nodes.get(1)!.metrics[0]!.startedAtMs - (startMs - 2 * 60_000))).toBeLessThanOrEqual(
      60_000,
    );
  });

  test('points in any order give the same', () => {
    const points = minutes('payment', 'cpu', (minute) => (minute >= 0 ? 95 : 20 + ((minute + 360) % 3)));
    const there = stormMetrics({ points, scores: [] }, index, storm);
    expect(stormMetrics({ points: points.toReversed(), scores: [] }, index, storm)).toEqual(there);
  });

  test('a score beyond its threshold is something of its own, with what contributed', () => {
    const { nodes } = stormMetrics({ points: [], scores: [score('payment', {})] }, index, storm);
    expect(nodes.get(1)!.local).toBeCloseTo(Math.log1p(3));
    expect(nodes.get(1)!.metrics[0]!.metric).toBe('disk_queue__mean_15m');
  });

  test('scores that are no anomaly, of another time or of nobody known are left out', () => {
    const scores = [
      score('payment', { label: 0 }),
      score('payment', { at: toTimestamp(startMs - 3_600_000) }),
      score('payment', { at: toTimestamp(storm.untilMs + 60_000) }),
      score('unheard-of', {}),
    ];
    expect(
      stormMetrics({ points: minutes('unheard-of', 'cpu', () => 1), scores }, index, storm).nodes.size,
    ).toBe(0);
  });
});
