import { describe, expect, test } from '@jest/globals';
import type { Alert, ServiceGraph } from '../../../src/contracts';
import { enrichAlerts } from '../../../src/alerts/enrich';
import {
  alertFeatureNames,
  alertFeatures,
  featureColumns,
  graphFeatureNames,
  standingColumns,
  type AlertFeatureInput,
  type AlertFeatures,
} from '../../../src/alerts/features';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { alertOf, graphOf, nodeOf } from '../enrich/alerts';

const graph = graphOf(
  [nodeOf('shop', { criticality: 1, tier: 0 }), 'api', 'store', 'mail', 'alone'],
  ['shop api', 'api store', 'shop mail'],
);

async function featuresOf(
  alerts: readonly Partial<Alert>[],
  options: Partial<AlertFeatureInput> = {},
  of: ServiceGraph = graph,
): Promise<AlertFeatures & { readonly value: (alert: number, column: string) => number }> {
  const index = indexGraph(of);
  const { alerts: enriched } = enrichAlerts(alerts.map(alertOf), index, { minimumScore: 2 });
  const businessHours = { from: 9, to: 17 };
  const features = await alertFeatures({ enriched, index, timeZone: 'UTC', businessHours, ...options });
  const { d, values } = features.rows;
  return {
    ...features,
    value(alert, column) {
      expect(features.names).toContain(column);
      return values[alert * d + features.names.indexOf(column)]!;
    },
  };
}

test('there are twenty features of the graph and nineteen of the alert', () => {
  expect(graphFeatureNames).toHaveLength(20);
  expect(alertFeatureNames).toHaveLength(19);
  expect(new Set(featureColumns).size).toBe(featureColumns.length);
});

describe('features of the alert itself', () => {
  test('tell severity, duration, labels and description', async () => {
    const { value } = await featuresOf([
      {
        severity: 'critical',
        endsAt: '2026-07-01T08:40:00.000000Z',
        labels: { a: '1', b: '2' },
        description: 'abc',
      },
      { severity: 'info' },
    ]);
    expect(value(0, 'severity')).toBe(4);
    expect(value(1, 'severity')).toBe(0);
    expect(value(0, 'duration')).toBeCloseTo(Math.log(11), 5);
    // Still open: it has lasted to the latest time among the alerts.
    expect(value(1, 'duration')).toBeCloseTo(Math.log(11), 5);
    expect(value(0, 'label_cardinality')).toBeCloseTo(Math.log(3), 5);
    expect(value(0, 'description_length')).toBeCloseTo(Math.log(4), 5);
  });

  test('tell the local time on circles', async () => {
    // 23:30 in UTC on a Friday is 08:30 on a Saturday in Tokyo.
    const { value } = await featuresOf([{ startsAt: '2026-07-03T23:30:00.000000Z' }], {
      timeZone: 'Asia/Tokyo',
    });
    expect(value(0, 'hour_sin')).toBeCloseTo(Math.sin((2 * Math.PI * 8.5) / 24), 5);
    expect(value(0, 'weekday_cos')).toBeCloseTo(Math.cos((2 * Math.PI * (5 + 8.5 / 24)) / 7), 5);
    expect(value(0, 'weekend')).toBe(1);
    expect(value(0, 'business_hours')).toBe(0);
  });

  test('tell earlier firings of the same condition within the time looked back', async () => {
    const at = (minute: number): string => `2026-07-01T08:${String(minute).padStart(2, '0')}:00.000000Z`;
    const { value } = await featuresOf([
      { startsAt: at(30) },
      { startsAt: at(0), endsAt: at(1) },
      { startsAt: at(6), endsAt: at(7) },
      { startsAt: at(30), fingerprint: 'another' },
      { startsAt: '2026-07-01T06:00:00.000000Z', endsAt: '2026-07-01T06:01:00.000000Z' },
    ]);
    expect(value(0, 'repeat_count')).toBeCloseTo(Math.log(3), 5);
    expect(value(0, 'inter_arrival_mean')).toBeCloseTo(Math.log(16), 5);
    expect(value(0, 'inter_arrival_deviation')).toBeCloseTo(Math.log(10), 5);
    expect(value(0, 'flapping')).toBe(0.5);
    for (const first of [1, 3, 4]) {
      for (const column of ['repeat_count', 'inter_arrival_mean', 'inter_arrival_deviation', 'flapping']) {
        expect(value(first, column)).toBe(0);
      }
    }
  });

  test('put like names near each other, and sources at places of their own', async () => {
    const names = [
      'HighLatencyP99',
      'HighLatencyP95',
      'DiskAlmostFull',
      'KafkaConsumerLag',
      'PodCrashLooping',
    ];
    const { value, rows } = await featuresOf(
      names.map((name, i) => ({ name, source: i < 2 ? 'grafana' : 'datadog' })),
    );
    const cosine = (prefix: string, a: number, b: number): number => {
      const columns = featureColumns.filter((column) => column.startsWith(prefix));
      const dot = (x: number, y: number): number =>
        columns.reduce((sum, column) => sum + value(x, column) * value(y, column), 0);
      return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    };
    expect(cosine('name_embedding', 0, 1)).toBeGreaterThan(0.5);
    for (const other of [2, 3, 4]) expect(Math.abs(cosine('name_embedding', 0, other))).toBeLessThan(0.3);
    expect(cosine('source', 0, 1)).toBeCloseTo(1, 5);
    expect(cosine('source', 0, 2)).toBeLessThan(0.95);
    expect(rows.n).toBe(5);
  });
});

describe('features of the group', () => {
  test('count from its first alert and over its members', async () => {
    const resolved = { status: 'resolved', endsAt: '2026-07-01T09:00:00.000000Z' } as const;
    const { value } = await featuresOf(
      [
        { name: 'A', startsAt: '2026-07-01T08:30:00.000000Z', ...resolved },
        { name: 'A', startsAt: '2026-07-01T08:37:00.000000Z' },
        { name: 'B', startsAt: '2026-07-01T08:31:00.000000Z' },
        { name: 'B', startsAt: '2026-07-01T08:45:00.000000Z', ...resolved },
        { name: 'A' },
      ],
      { groups: Int32Array.of(1, 1, 1, 0, -1) },
    );
    expect(value(1, 'time_since_first_in_group')).toBeCloseTo(Math.log(8), 5);
    expect(value(1, 'group_size')).toBeCloseTo(Math.log(3), 5);
    expect(value(1, 'share_of_group_with_same_name')).toBeCloseTo(2 / 3, 5);
    expect(value(1, 'resolved_share')).toBeCloseTo(1 / 3, 5);
    expect(value(3, 'resolved_share')).toBe(1);
    expect([
      value(4, 'group_size'),
      value(4, 'time_since_first_in_group'),
      value(4, 'resolved_share'),
    ]).toEqual([0, 0, 0]);
  });

  test('groups of another number of alerts are refused', async () => {
    await expect(featuresOf([{}, {}], { groups: new Int32Array(3) })).rejects.toMatchObject({
      code: 'PARAMETER_INVALID',
      culprit: { option: 'groups' },
    });
  });
});

describe('features of the graph', () => {
  test('are those of the service, and the middle of all services for an alert that has none', async () => {
    const { value } = await featuresOf([{ service: 'store' }, { service: 'unheard of' }]);
    expect(value(0, 'distance_to_entry')).toBe(2);
    expect(value(0, 'depth')).toBe(2);
    expect(value(0, 'ancestors')).toBeCloseTo(Math.log(3), 5);
    expect(value(1, 'criticality')).toBeCloseTo((1 + 4 * 0.5) / 5, 5);
  });

  test('tell which services around alert at that time', async () => {
    const early = '2026-07-01T02:00:00.000000Z';
    const { value } = await featuresOf([
      { service: 'shop' },
      { service: 'store' },
      { service: 'shop', startsAt: early, endsAt: early },
      { service: 'mail', startsAt: early, endsAt: early },
      { service: null },
    ]);
    expect(value(0, 'neighbours_alerting_share')).toBe(0);
    expect(value(0, 'upstream_alerting_share')).toBeCloseTo(1 / 3, 5);
    expect(value(2, 'neighbours_alerting_share')).toBe(0.5);
    expect(value(2, 'upstream_alerting_share')).toBeCloseTo(1 / 3, 5);
    expect(value(1, 'upstream_alerting_share')).toBe(0);
    expect(value(4, 'upstream_alerting_share')).toBe(0);
  });
});

describe('every value is a number', () => {
  test.each([
    ['no alerts', []],
    ['one alert without service, labels or name', [{ name: '', service: null }]],
    ['an end before its start', [{ endsAt: '2020-01-01T00:00:00.000000Z' }]],
  ])('for %s', async (_, alerts) => {
    for (const of of [
      graph,
      graphOf([]),
      graphOf(['one'], ['one one']),
      graphOf(['a', 'b'], ['a b', 'b a']),
    ]) {
      const { rows } = await featuresOf(alerts, {}, of);
      expect([rows.n, rows.d]).toEqual([alerts.length, featureColumns.length]);
      expect(rows.values.every((value) => Number.isFinite(value))).toBe(true);
    }
  });
});

test('rows made with the embedding of a model do not depend on what other alerts there are', async () => {
  const history = await featuresOf([{ name: 'HighLatency' }, { name: 'DiskFull' }, { name: 'ErrorRate' }]);
  const { nameEmbedding } = history;
  const [alone, together] = await Promise.all([
    featuresOf([{ name: 'DiskFull', fingerprint: 'f-2' }], { nameEmbedding }),
    featuresOf([{ name: 'DiskFull', fingerprint: 'f-2' }, { name: 'Unheard of' }], { nameEmbedding }),
  ]);
  expect(together.rows.values.slice(0, together.rows.d)).toEqual(alone.rows.values);
  expect(standingColumns.length).toBe(20);
});
