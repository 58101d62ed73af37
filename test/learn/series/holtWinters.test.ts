import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  copyState,
  dominantPeriod,
  expectedNext,
  fitHoltWinters,
  smooth,
  type Seasonality,
} from '../../../src/learn/series';

const period = 12;
const random = seededRandom(4);
/** Level 50, a slow rise, a season of ±20 (or ±40 %) and noise of one. */
const series = (seasonality: Seasonality, n = 240): Float64Array =>
  Float64Array.from({ length: n }, (_, at) => {
    const level = 50 + 0.1 * at;
    const wave = Math.sin((2 * Math.PI * at) / period);
    return (
      (seasonality === 'multiplicative' ? level * (1 + 0.4 * wave) : level + 20 * wave) + random.normal()
    );
  });

describe('triple exponential smoothing', () => {
  test.each(['additive', 'multiplicative'] as const)(
    '%s seasons are learned and carried on',
    (seasonality) => {
      const values = series(seasonality);
      const head = values.subarray(0, 228);
      const fitted = fitHoltWinters(head, { period, seasonality });
      const state = copyState(fitted.end);
      for (let at = 228; at < 240; at++) {
        const expected = expectedNext(state, seasonality);
        expect(Math.abs(expected - values[at]!)).toBeLessThan(6);
        smooth(state, expected, fitted, seasonality);
      }
    },
  );

  test('no weights on a fine grid have a smaller squared error', () => {
    const values = series('additive', 120);
    const fitted = fitHoltWinters(values, { period, seasonality: 'additive' });
    let least = Infinity;
    for (let alpha = 0.02; alpha < 1; alpha += 0.07) {
      for (let beta = 0; beta < 0.5; beta += 0.04) {
        for (let gamma = 0; gamma < 1; gamma += 0.07) {
          const state = copyState(fitted.start);
          let squares = 0;
          for (const value of values) {
            squares += (value - expectedNext(state, 'additive')) ** 2;
            smooth(state, value, { alpha, beta, gamma }, 'additive');
          }
          least = Math.min(least, squares);
        }
      }
    }
    expect(fitted.squaredError).toBeLessThan(least * 1.001);
  });

  test('a straight line without season is followed exactly', () => {
    const fitted = fitHoltWinters(
      Float64Array.from({ length: 30 }, (_, at) => 3 + 2 * at),
      { period: 2, seasonality: 'none' },
    );
    expect(fitted.squaredError).toBeCloseTo(0, 12);
    expect(expectedNext(fitted.end, 'none')).toBeCloseTo(63, 9);
  });

  test('what cannot be fitted is refused by name', () => {
    const values = series('additive', 40);
    const code = (name: string, option?: string): unknown =>
      expect.objectContaining({ code: name, ...(option && { culprit: { option } }) });
    expect(() => fitHoltWinters(values.subarray(0, 24), { period, seasonality: 'additive' })).toThrow(
      code('DATA_TOO_FEW_ROWS'),
    );
    expect(() => fitHoltWinters(values, { period: 1, seasonality: 'additive' })).toThrow(
      code('PARAMETER_INVALID', 'period'),
    );
    values[3] = -1;
    expect(() => fitHoltWinters(values, { period, seasonality: 'multiplicative' })).toThrow(
      code('PARAMETER_INVALID', 'seasonality'),
    );
  });
});

describe('the season of a series', () => {
  test('is found under noise and trend, also where its multiples peak as high', () => {
    expect(dominantPeriod(series('additive'), 100)).toBe(period);
    const spikes = Float64Array.from({ length: 2_000 }, (_, at) => (at % 288 < 6 ? 10 : 0) + random.normal());
    expect(dominantPeriod(spikes, 1_440)).toBe(288);
  });

  test('is none in noise, constants and too few values', () => {
    expect(
      dominantPeriod(
        Float64Array.from({ length: 500 }, () => random.normal()),
        200,
      ),
    ).toBeUndefined();
    expect(dominantPeriod(new Float64Array(500).fill(3), 200)).toBeUndefined();
    expect(dominantPeriod(series('additive', 5), 200)).toBeUndefined();
  });
});
