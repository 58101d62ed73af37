import { expect } from '@jest/globals';
import type { FeatureSet, MetricDeclaration, Random } from '../../../src/contracts';
import { featureSetFor, type InstanceSeries, type MinuteLogs } from '../../../src/anomalies/features';

export const someMetrics: readonly MetricDeclaration[] = [
  { name: 'cpu_user', kind: 'gauge', minimum: 31.5, maximum: 69 },
  { name: 'memory used (bytes)', kind: 'gauge' },
  { name: 'idle', kind: 'gauge' },
  { name: 'requests', kind: 'counter' },
  { name: "nothing's here", kind: 'counter', minimum: -0.25 },
];
export const someTemplates = ['t1', 't2', "t'3"];

export function someFeatures(more: Parameters<typeof featureSetFor>[1] = {}): FeatureSet {
  return featureSetFor(someMetrics, {
    templates: someTemplates,
    ratios: [
      ['cpu_user', 'memory used (bytes)'],
      ['requests', 'idle'],
    ],
    correlations: [
      ['cpu_user', 'memory used (bytes)'],
      ['cpu_user', 'idle'],
      ['requests', 'cpu_user'],
    ],
    ...more,
  });
}

/**
 * A series with everything that goes wrong: gaps of all lengths, a level of 1e9 with a spread of 1e-3, a metric
 * that stands still, restarts of a counter, a metric that never comes, readings too large to use, silent minutes.
 */
export function troubledSeries(random: Random, minutes: number, startMinute = 29_700_000): InstanceSeries {
  const d = someMetrics.length;
  const values = new Float64Array(minutes * d).fill(Number.NaN);
  const missing = new Float64Array(d);
  let counter = 1e12;
  const logs: (MinuteLogs | undefined)[] = [];
  for (let row = 0; row < minutes; row++) {
    counter += random.integer(5_000);
    if (random.integer(60) === 0) counter = random.integer(100);
    const readings = [
      50 + 20 * Math.sin(row / 9) + random.normal(),
      1e9 + 1e-3 * random.normal(),
      row % 200 < 150 ? 3 : 3 + random.integer(3),
      counter,
    ];
    readings.forEach((reading, metric) => {
      if (missing[metric]! > 0) missing[metric]!--;
      else if (random.integer(25) === 0) missing[metric] = random.integer(30);
      else values[row * d + metric] = random.integer(400) === 0 ? 1e31 : reading;
    });
    logs.push(random.integer(4) === 0 ? undefined : someLogs(random));
  }
  return { startMinute, values: { values, n: minutes, d }, logs };
}

function someLogs(random: Random): MinuteLogs {
  const templates: Record<string, number> = {};
  let records = 0;
  for (const template of [...someTemplates, 't4']) {
    const count = random.integer(4);
    if (count > 0) templates[template] = count;
    records += count;
  }
  const errors = Math.min(records, random.integer(3));
  const warnings = Math.min(records - errors, random.integer(3));
  return { errors, warnings, newTemplates: random.integer(2), templates };
}

/** Whether two computations of a feature agree: within 1e-6 of its size, and missing together. */
export function agrees(one: number, other: number): boolean {
  if (Number.isNaN(one) || Number.isNaN(other)) return Number.isNaN(one) && Number.isNaN(other);
  return Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one), Math.abs(other));
}

/** Fails with the first few features that differ. */
export function expectSameFeatures(
  set: FeatureSet,
  actual: (row: number, column: number) => number,
  expected: (row: number, column: number) => number,
  rows: number,
): void {
  const differences: string[] = [];
  for (let row = 0; row < rows && differences.length < 10; row++) {
    for (let column = 0; column < set.names.length; column++) {
      const [one, other] = [actual(row, column), expected(row, column)];
      if (!agrees(one, other))
        differences.push(`row ${row}, ${set.names[column]}: ${one}, expected ${other}`);
    }
  }
  expect(differences).toEqual([]);
}
