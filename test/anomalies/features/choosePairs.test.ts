import { describe, expect, test } from '@jest/globals';
import { seededRandom, type MetricDeclaration } from '../../../src/contracts';
import { choosePairs, type InstanceSeries } from '../../../src/anomalies/features';

const metrics: MetricDeclaration[] = ['base', 'follows', 'opposes', 'alone', 'copy'].map((name) => ({
  name,
  kind: 'gauge',
}));

function series(seed: number, n = 400): InstanceSeries {
  const random = seededRandom(seed);
  const values = Float64Array.from({ length: n }, () => 0).reduce<number[]>((all) => {
    const base = 100 + 10 * random.normal();
    const row = [base, 2 * base + random.normal(), -base + 5 * random.normal(), random.normal(), base];
    return [...all, ...row.map((value) => (random.integer(50) === 0 ? Number.NaN : value))];
  }, []);
  return { startMinute: 0, values: { values: Float64Array.from(values), n, d: 5 } };
}

describe('pairs of metrics', () => {
  test('are those that move together, strongest first; ratios only of what rises together above 0', () => {
    const { correlations, ratios } = choosePairs(metrics, [series(1), series(2)]);
    const names = correlations.map((pair) => pair.join(' '));
    expect(names[0]).toBe('base copy');
    expect(names.indexOf('base follows')).toBeLessThan(names.indexOf('base opposes'));
    expect(names.some((pair) => pair.includes('alone'))).toBe(false);
    expect(ratios.map((pair) => pair.join(' ')).sort()).toEqual([
      'base copy',
      'base follows',
      'follows copy',
    ]);
  });

  test('are the same for the same series, and no more than wanted', () => {
    expect(choosePairs(metrics, [series(3)])).toEqual(choosePairs(metrics, [series(3)]));
    expect(choosePairs(metrics, [series(3)], 1)).toMatchObject({
      correlations: { length: 1 },
      ratios: { length: 1 },
    });
  });

  test('use no metric in more than three', () => {
    const many: MetricDeclaration[] = Array.from({ length: 8 }, (_, index) => ({
      name: `m${index}`,
      kind: 'gauge',
    }));
    const random = seededRandom(4);
    const values = new Float64Array(100 * 8);
    for (let row = 0; row < 100; row++) {
      const base = 10 + random.normal();
      for (let column = 0; column < 8; column++) values[row * 8 + column] = base + 0.01 * random.normal();
    }
    const { correlations } = choosePairs(many, [{ startMinute: 0, values: { values, n: 100, d: 8 } }], 30);
    for (const { name } of many) {
      expect(correlations.filter((pair) => pair.includes(name)).length).toBeLessThanOrEqual(3);
    }
    expect(correlations.length).toBeGreaterThan(8);
  });

  test('are none where there is too little to tell, or nothing moves', () => {
    const none = { correlations: [], ratios: [] };
    expect(choosePairs(metrics, [])).toEqual(none);
    expect(choosePairs(metrics, [series(5, 20)])).toEqual(none);
    const flat = { startMinute: 0, values: { values: new Float64Array(5 * 60).fill(3), n: 60, d: 5 } };
    expect(choosePairs(metrics, [flat])).toEqual(none);
  });
});
