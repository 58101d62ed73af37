import { describe, expect, test } from '@jest/globals';
import type { MetricDeclaration } from '../../../src/contracts';
import { decodeFeatureSet, encodeFeatureSet, featureSetFor } from '../../../src/anomalies/features';
import { someFeatures } from '../../support/anomalies/featureCases';

const server: MetricDeclaration[] = Array.from({ length: 38 }, (_, index) => ({
  name: `metric_${index + 1}`,
  kind: index % 10 === 0 ? 'counter' : 'gauge',
}));

describe('a feature set', () => {
  test('of 38 metrics has more than 300 features, each under a name of its own', () => {
    const { names, definitions } = featureSetFor(server);
    expect(names.length).toBeGreaterThan(300);
    expect(new Set(names).size).toBe(names.length);
    expect(definitions.map(({ name }) => name)).toEqual(names);
  });

  test('says with stable, readable names what is computed', () => {
    const { names } = featureSetFor(
      [
        { name: 'cpu_user', kind: 'gauge' },
        { name: 'requests', kind: 'counter' },
      ],
      { templates: ['e7'], ratios: [['requests', 'cpu_user']], correlations: [['cpu_user', 'requests']] },
    );
    expect(names).toEqual([
      'cpu_user__value',
      'cpu_user__mean_15m',
      'cpu_user__std_15m',
      'cpu_user__min_15m',
      'cpu_user__max_15m',
      'cpu_user__lag_1m',
      'cpu_user__lag_5m',
      'cpu_user__lag_15m',
      'cpu_user__change_1m',
      'cpu_user__change_5m',
      'cpu_user__change_15m',
      'requests__increase_1m',
      'requests__increase_15m',
      'requests__rate_15m',
      'requests__std_15m',
      'requests__min_15m',
      'requests__max_15m',
      'requests__lag_1m',
      'requests__lag_5m',
      'requests__lag_15m',
      'requests__change_1m',
      'requests__change_5m',
      'requests__change_15m',
      'requests__per__cpu_user',
      'cpu_user__correlation_15m__requests',
      'log_count',
      'log_count_15m',
      'error_count',
      'error_count_15m',
      'warning_count',
      'warning_count_15m',
      'new_templates',
      'new_templates_15m',
      'template_entropy_15m',
      'template_e7__count_15m',
      'hour_of_day',
      'day_of_week',
      'is_weekend',
      'is_business_hours',
      'hour_of_day_sin',
      'hour_of_day_cos',
      'day_of_week_sin',
      'day_of_week_cos',
    ]);
  });

  test('has the same id when made again, and another one when anything in it differs', () => {
    const ids = [
      someFeatures(),
      someFeatures({ timeZone: 'Europe/Berlin' }),
      someFeatures({ businessHours: { from: 8, to: 17 } }),
      someFeatures({ ratios: [] }),
      featureSetFor([{ name: 'a', kind: 'gauge' }]),
      featureSetFor([{ name: 'a', kind: 'counter' }]),
      featureSetFor([{ name: 'a', kind: 'gauge', minimum: 0 }]),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(someFeatures().id).toBe(ids[0]);
  });

  test('comes back from its bytes', () => {
    expect(decodeFeatureSet(encodeFeatureSet(someFeatures()))).toEqual(someFeatures());
  });

  test.each([
    ['no JSON', (text: string) => text.slice(0, -40)],
    ['a definition changed after its id was made', (text: string) => text.replace('mean_15m', 'mean_16m')],
    ['an unknown function', (text: string) => text.replace('"function": "std"', '"function": "median"')],
    [
      'a property that nobody knows',
      (text: string) => text.replace('"formatVersion": 1', '"formatVersion": 1, "x": 1'),
    ],
  ])('refuses bytes with %s', (_, change) => {
    const text = new TextDecoder().decode(encodeFeatureSet(someFeatures()));
    expect(change(text)).not.toBe(text);
    expect(() => decodeFeatureSet(new TextEncoder().encode(change(text)))).toThrow(
      expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
    );
  });

  const gauge = { name: 'a', kind: 'gauge' } as const;
  test.each([
    ['nothing to compute', () => featureSetFor([]), 'metrics'],
    ['a metric declared twice', () => featureSetFor([gauge, gauge]), 'metrics'],
    ['a pair with an unknown metric', () => featureSetFor([gauge], { ratios: [['a', 'b']] }), 'pairs'],
    ['a template twice', () => featureSetFor([gauge], { templates: ['t', 't'] }), 'definitions'],
    ['an unknown time zone', () => featureSetFor([gauge], { timeZone: 'Mars/Base' }), 'timeZone'],
  ])('refuses %s', (_, make, option) => {
    expect(make).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: expect.objectContaining({ option }) }),
    );
  });
});
