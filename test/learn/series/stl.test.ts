import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { decomposeStl } from '../../../src/learn/series';

const period = 24;
const n = 240;
const wave = (at: number): number => 10 * Math.sin((2 * Math.PI * at) / period);
const slope = (at: number): number => 100 + 0.05 * at;
const random = seededRandom(11);

describe('seasonal-trend decomposition by loess', () => {
  test('the parts add up to the series', () => {
    const values = Float64Array.from({ length: n }, (_, at) => slope(at) + wave(at) + random.normal());
    const { seasonal, trend, residual } = decomposeStl(values, { period });
    values.forEach((value, at) => {
      expect(seasonal[at]! + trend[at]! + residual[at]!).toBeCloseTo(value, 9);
    });
  });

  test('a line and a wave come apart exactly', () => {
    const values = Float64Array.from({ length: n }, (_, at) => slope(at) + wave(at));
    const { seasonal, trend } = decomposeStl(values, { period });
    for (let at = 0; at < n; at++) {
      expect(Math.abs(seasonal[at]! - wave(at))).toBeLessThan(0.05);
      expect(Math.abs(trend[at]! - slope(at))).toBeLessThan(0.05);
    }
  });

  test('robust passes leave outliers in the residual, and give them no weight', () => {
    const values = Float64Array.from({ length: n }, (_, at) => slope(at) + wave(at) + 0.2 * random.normal());
    values[100]! += 50;
    const plain = decomposeStl(values, { period });
    const robust = decomposeStl(values, { period, robustPasses: 5 });
    expect(robust.residual[100]).toBeGreaterThan(48);
    expect(robust.residual[100]).toBeGreaterThan(plain.residual[100]!);
    expect(robust.weights[100]).toBe(0);
    expect(Math.abs(robust.seasonal[100 + period]! - wave(100 + period))).toBeLessThan(1);
  });

  test('too few seasons and widths that are not odd are refused', () => {
    const values = new Float64Array(47);
    expect(() => decomposeStl(values, { period })).toThrow(
      expect.objectContaining({ code: 'DATA_TOO_FEW_ROWS' }),
    );
    expect(() => decomposeStl(values, { period: 10, seasonal: 8 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'seasonal' } }),
    );
  });
});
