import { describe, expect, test } from '@jest/globals';
import { metricSeries, stormMetrics, type MetricAnomalies, type Storm } from '../../../../src/alerts/rank';
import { toTimestamp, type AnomalyScore, type MetricPoint } from '../../../../src/contracts';
import { graphOf } from '../storm';

const index = graphOf([{ id: 'web' }, { id: 'payment' }], [['web', 'payment']]);
const startMs = Date.parse('2026-03-02T10:00:00Z');
const storm: Storm = { startMs, untilMs: startMs + 10 * 60_000, nodes: [0, 1] };
const none: MetricAnomalies = { nodes: new Map(), calls: new Map() };

function around(
  given: { readonly points?: readonly MetricPoint[]; readonly scores?: readonly AnomalyScore[] },
  one = storm,
): MetricAnomalies {
  const rows = { series: metricSeries(given.points ?? []), scores: given.scores ?? [] };
  return stormMetrics(rows, index).ofStorm(one) ?? none;
}

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
    const { nodes } = around({ points });
    expect(nodes.get(1)!.requests).toBeGreaterThan(3);
    expect(nodes.get(0)!.requests).toBeLessThan(0.8);
    expect(nodes.get(1)!.metrics[0]).toMatchObject({ metric: 'latency_p95', direction: 'up' });
    expect(Math.abs(nodes.get(1)!.metrics[0]!.startedAtMs - (startMs - 2 * 60_000))).toBeLessThanOrEqual(
      60_000,
    );
  });

  test('points in any order give the same', () => {
    const points = minutes('payment', 'cpu', (minute) => (minute >= 0 ? 95 : 20 + ((minute + 360) % 3)));
    const there = around({ points });
    expect(around({ points: points.toReversed() })).toEqual(there);
  });

  test('a score beyond its threshold is something of its own, with what contributed', () => {
    const { nodes } = around({ scores: [score('payment', {})] });
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
    expect(around({ points: minutes('unheard-of', 'cpu', () => 1), scores }).nodes.size).toBe(0);
  });

  test('of several anomalies of a service the strongest counts, from the first of them on, and only what speaks for it', () => {
    const first = score('PAYMENT_1', { score: 0.6, at: toTimestamp(startMs - 300_000) });
    const contributionsJson = JSON.stringify([
      { feature: 'cpu', value: 97, contribution: 2 },
      { feature: 'disk', value: 3, contribution: -1 },
    ]);
    const { nodes } = around({ scores: [score('payment-2', { contributionsJson }), first] });
    expect(nodes.get(1)!.local).toBeCloseTo(Math.log1p(3));
    expect(nodes.get(1)!.metrics).toEqual([
      { metric: 'cpu', times: expect.closeTo(3), direction: 'up', startedAtMs: startMs - 300_000 },
    ]);
  });

  test('each of several storms is held against what was before itself', () => {
    const points = minutes('payment', 'cpu', (minute) =>
      minute >= -90 && minute < -60 ? 90 : 20 + ((minute + 360) % 3),
    );
    const { ofStorm } = stormMetrics({ series: metricSeries(points), scores: [] }, index);
    const early = { ...storm, startMs: startMs - 90 * 60_000, untilMs: startMs - 80 * 60_000 };
    expect(ofStorm(early)!.nodes.get(1)!.local).toBeGreaterThan(2);
    expect(ofStorm(storm)!.nodes.get(1)!.local).toBeLessThan(0.8);
  });

  test('a service that alerts brings in what it depends on, and nobody else', () => {
    const points = ['web', 'payment'].flatMap((one) => minutes(one, 'cpu', (minute) => 20 + (minute & 1)));
    expect([...around({ points }, { ...storm, nodes: [0] }).nodes.keys()]).toEqual([0, 1]);
    expect([...around({ points }, { ...storm, nodes: [1] }).nodes.keys()]).toEqual([1]);
  });

  test('a past that is shorter than the storm is no measure of it', () => {
    const points = minutes('payment', 'cpu', (minute) => (minute >= 0 ? 95 : 20)).slice(320);
    expect(around({ points }).nodes.size).toBe(0);
  });

  test('a counter counts by how fast it grows, also over its restart', () => {
    const counter = (value: (minute: number) => number): MetricPoint[] =>
      minutes('payment', 'bytes_total', value).map((point) => ({ ...point, kind: 'counter' }));
    const steady = counter((minute) => ((minute + 360) % 200) * 100);
    expect(around({ points: steady }).nodes.get(1)!.local).toBeLessThan(0.8);
    const faster = counter((minute) => (minute + 360) * 100 + Math.max(0, minute) * 900);
    expect(around({ points: faster }).nodes.get(1)!.local).toBeGreaterThan(2);
  });

  test('storms beyond what may be looked at keep their scores and are counted', () => {
    const series = metricSeries(minutes('payment', 'cpu', (minute) => (minute >= 0 ? 95 : 20)));
    const scores = [score('payment', {})];
    const { ofStorm, stormsLeftOut } = stormMetrics({ series, scores }, index, { windows: 1 });
    expect(ofStorm(storm)!.nodes.get(1)!.metrics[0]!.metric).toBe('cpu');
    expect(ofStorm(storm)!.nodes.get(1)!.metrics[0]!.metric).toBe('disk_queue__mean_15m');
    expect(stormsLeftOut()).toBe(1);
  });

  test('nothing is said of a storm whose services are not measured', () => {
    expect(stormMetrics({ series: [], scores: [] }, index).ofStorm(storm)).toBeUndefined();
  });
});
