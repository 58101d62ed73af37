import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { computeFeatures, featureSetFor, FeatureWindow } from '../../../src/anomalies/features';
import { expectSameFeatures, someFeatures, troubledSeries } from '../../support/anomalies/featureCases';
import { plainFeatures } from '../../support/anomalies/plainFeatures';

const nan = Number.NaN;
const gauge = featureSetFor([{ name: 'a', kind: 'gauge' }]);
const counter = featureSetFor([{ name: 'a', kind: 'counter' }]);

/** One feature of a one-metric series, per minute. */
function feature(set: typeof gauge, name: string, readings: readonly number[]): number[] {
  const column = set.names.indexOf(name);
  const { values, d } = computeFeatures(set, {
    startMinute: 1_000,
    values: { values: Float64Array.from(readings), n: readings.length, d: 1 },
  });
  return readings.map((_, row) => values[row * d + column]!);
}

describe('features of a series', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('are those of their definitions, one by one (seed %i)', (seed) => {
    const set = someFeatures();
    const series = troubledSeries(seededRandom(seed), 400);
    const { values, d } = computeFeatures(set, series);
    const plain = plainFeatures(set, series);
    expectSameFeatures(
      set,
      (row, column) => values[row * d + column]!,
      (row, column) => plain[row]![column]!,
      400,
    );
  });

  test('carry a reading for five minutes, then are missing', () => {
    expect(feature(gauge, 'a__value', [7, nan, nan, nan, nan, nan, nan, 8])).toEqual([
      7,
      7,
      7,
      7,
      7,
      7,
      nan,
      8,
    ]);
  });

  test('of a counter are its growth, and after a restart what it reached since', () => {
    expect(feature(counter, 'a__increase_1m', [10, 15, 15, 3, 4])).toEqual([nan, 5, 0, 3, 1]);
  });

  test('of a counter that was away too long start anew', () => {
    const away = Array.from({ length: 6 }, () => nan);
    expect(feature(counter, 'a__increase_1m', [10, ...away, 500, 501]).slice(-3)).toEqual([nan, nan, 1]);
  });

  test('over a window need a third of its minutes', () => {
    expect(feature(gauge, 'a__mean_15m', [1, 2, 3, 4, 5, 6])).toEqual([nan, nan, nan, nan, 3, 3.5]);
  });

  test('keep a spread of 1e-3 on a level of 1e9', () => {
    const readings = Array.from({ length: 15 }, (_, index) => 1e9 + (index % 2 === 0 ? 0.001 : -0.001));
    expect(feature(gauge, 'a__std_15m', readings)[14]!).toBeCloseTo(0.001 * Math.sqrt(1 - 1 / 15 ** 2), 6);
  });

  test('do not look ahead', () => {
    const set = someFeatures();
    const series = troubledSeries(seededRandom(3), 120);
    const { n, d, values } = series.values;
    const changed = values.slice();
    changed.fill(123, 60 * d);
    const before = computeFeatures(set, series).values.subarray(0, 60 * set.names.length);
    const after = computeFeatures(set, { ...series, values: { n, d, values: changed } });
    expect(after.values.subarray(0, 60 * set.names.length)).toEqual(before);
  });

  test('leave their input as it was', () => {
    const series = troubledSeries(seededRandom(4), 60);
    const copy = series.values.values.slice();
    computeFeatures(someFeatures(), series);
    expect(series.values.values).toEqual(copy);
  });

  test('of no minutes are no rows', () => {
    const none = { startMinute: 0, values: { values: new Float64Array(0), n: 0, d: 1 } };
    expect(computeFeatures(gauge, none)).toMatchObject({ n: 0, d: gauge.names.length });
  });

  test.each([
    ['columns that are not the metrics', { values: new Float64Array(4), n: 2, d: 2 }, 'DATA_WIDTH_MISMATCH'],
    ['a length that is not rows × columns', { values: new Float64Array(3), n: 2, d: 1 }, 'DATA_RAGGED'],
  ])('refuse %s', (_, values, code) => {
    expect(() => computeFeatures(gauge, { startMinute: 0, values })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('a window over late readings', () => {
  const set = someFeatures();
  const minutes = 200;

  test.each([1, 2, 3])('ends with the rows that readings in time would have given (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const series = troubledSeries(random, minutes);
    const { values, d } = series.values;
    const window = new FeatureWindow(set);
    const waiting: number[] = [];
    const pushRow = (row: number): void => {
      window.push(series.startMinute + row, values.subarray(row * d, (row + 1) * d), series.logs![row]);
    };
    const late: Record<number, number> = {};
    for (let row = 0; row < minutes; row++) {
      if (row < minutes - 1 && random.integer(5) === 0) waiting.push(row);
      else pushRow(row);
      const due = (): boolean =>
        waiting.length > 0 && (row - waiting[0]! >= 15 || row === minutes - 1 || random.integer(6) === 0);
      while (due()) {
        const at = waiting.splice(random.integer(waiting.length), 1)[0]!;
        if (row - at > 0) late[at] = row - at;
        pushRow(at);
      }
    }
    expect(Object.keys(late).length).toBeGreaterThan(10);
    const inTime = computeFeatures(set, series);
    for (let row = minutes - 16; row < minutes; row++) {
      const expected = inTime.values.subarray(row * inTime.d, (row + 1) * inTime.d);
      expect(window.featuresAt(series.startMinute + row)).toEqual(expected);
    }
  });

  test('answers a late push with the features of its own minute', () => {
    const series = troubledSeries(seededRandom(9), 40);
    const { values, d } = series.values;
    const row = (index: number): ArrayLike<number> => values.subarray(index * d, (index + 1) * d);
    const window = new FeatureWindow(set);
    for (let index = 0; index < 40; index++) {
      if (index !== 30) window.push(series.startMinute + index, row(index), series.logs![index]);
    }
    const inTime = computeFeatures(set, series);
    const answer = window.push(series.startMinute + 30, row(30), series.logs![30]);
    expect(answer).toEqual(inTime.values.subarray(30 * inTime.d, 31 * inTime.d));
  });

  test('takes the last of several readings of a minute, and none of a push without one', () => {
    const window = new FeatureWindow(gauge);
    window.push(10, [1]);
    expect(window.push(10, [2])[0]).toBe(2);
    expect(window.push(10, [nan])[0]).toBe(2);
  });

  test('refuses a minute that is too late by its code, and stays as it was', () => {
    const window = new FeatureWindow(gauge);
    window.push(100, [1]);
    const before = window.toBytes();
    expect(() => window.push(84, [5])).toThrow(
      expect.objectContaining({ code: 'OBSERVATION_LATE', culprit: { minute: 84, newest: 100 } }),
    );
    expect(window.toBytes()).toEqual(before);
    expect(window.push(85, [5])[0]).toBe(5);
  });

  test('after a pause is as if it were new', () => {
    const window = new FeatureWindow(gauge);
    for (let minute = 0; minute < 40; minute++) window.push(minute, [minute]);
    for (const pause of [21, 38, 39, 1_000_000]) {
      const minute = window.newest! + pause;
      const fresh = new FeatureWindow(gauge);
      expect(window.push(minute, [5]).subarray(1)).toEqual(fresh.push(minute, [5]).subarray(1));
    }
  });

  test('goes on from its bytes', () => {
    const series = troubledSeries(seededRandom(5), 90);
    const { values, d } = series.values;
    let window = new FeatureWindow(set);
    const rows: Float32Array[] = [];
    for (let row = 0; row < 90; row++) {
      if (row % 13 === 0) window = FeatureWindow.fromBytes(set, window.toBytes());
      rows.push(
        window.push(series.startMinute + row, values.subarray(row * d, (row + 1) * d), series.logs![row]),
      );
    }
    const expected = computeFeatures(set, series);
    rows.forEach((row, index) => {
      expect(row).toEqual(expected.values.subarray(index * expected.d, (index + 1) * expected.d));
    });
    expect(() => FeatureWindow.fromBytes(gauge, window.toBytes())).toThrow(
      expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }),
    );
  });

  test.each([
    ['a minute that is not whole', () => new FeatureWindow(gauge).push(1.5, [1]), 'PARAMETER_INVALID'],
    ['readings of another width', () => new FeatureWindow(gauge).push(1, [1, 2]), 'DATA_WIDTH_MISMATCH'],
    ['to tell of a minute that did not come', () => new FeatureWindow(gauge).featuresAt(1), 'NOT_FOUND'],
  ])('refuses %s', (_, act, code) => {
    expect(act).toThrow(expect.objectContaining({ code }));
  });
});
