import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { defaultExclusion, LeftProfileStream, matrixProfile } from '../../../src/learn/series';

const random = seededRandom(5);
const n = 240;
const length = 12;
/** A noisy wave with a flat stretch and a fault. */
const values = Float64Array.from({ length: n }, (_, at) => {
  if (at >= 100 && at < 130) return 7;
  return 1_000 + 5 * Math.sin(at / 4) + 0.3 * random.normal() + (at >= 190 && at < 195 ? 6 : 0);
});

function normalized(from: number): number[] {
  const window = [...values.subarray(from, from + length)];
  const mean = window.reduce((sum, value) => sum + value, 0) / length;
  const deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length);
  return window.map((value) => (deviation > 1e-6 ? (value - mean) / deviation : 0));
}

/** By definition: between all pairs of windows. */
const pairs = Array.from({ length: n - length + 1 }, (_, from) => normalized(from));
const distance = (left: number, right: number): number =>
  Math.hypot(...pairs[left]!.map((value, at) => value - pairs[right]![at]!));
const exclusion = defaultExclusion(length);

function byDefinition(left: boolean): number[] {
  return pairs.map((_, row) => {
    const others = Array.from(pairs.keys()).filter(
      (other) => Math.abs(other - row) >= exclusion && (!left || other < row),
    );
    return Math.min(...others.map((other) => distance(row, other)));
  });
}

describe('the matrix profile', () => {
  test.each([false, true])('with only earlier windows %p: the distances of comparing all pairs', (left) => {
    const { distances, neighbors } = matrixProfile(values, { length, left });
    const expected = byDefinition(left);
    expect(Array.from(neighbors, (neighbor) => neighbor < 0)).toEqual(
      expected.map((one) => one === Infinity),
    );
    // Without a neighbour the distance is infinite, and one less.
    const finite = expected.filter((one) => one < Infinity);
    const found = [...distances].filter((one) => one < Infinity);
    expect(found.length).toBe(finite.length);
    finite.forEach((one, at) => expect(found[at]).toBeCloseTo(one, 4));
  });

  test('one value at a time, it is the left profile of the windows remembered', () => {
    const memory = 60;
    const stream = new LeftProfileStream(length, exclusion, memory, false, 990);
    const twin = new LeftProfileStream(length, exclusion, memory, true, 990);
    values.forEach((value, at) => {
      const row = at - length + 1;
      const ends = Array.from(pairs.keys()).filter(
        (other) => row - other >= exclusion && row - other <= memory,
      );
      const known = ends
        .map((other) => ({ other, to: row < 0 ? 0 : distance(row, other) }))
        .sort((a, b) => a.to - b.to);
      const nearest = row < 0 || known.length === 0 ? 0 : known[0]!.to;
      const apart = known.find(({ other }) => Math.abs(other - known[0]!.other) >= exclusion);
      expect(stream.step(value)).toBeCloseTo(nearest, 4);
      const passed = twin.step(value);
      // Among flat windows any may be the nearest, and which is passed over is open.
      const open = nearest < 1e-6;
      expect(passed).toBeCloseTo(open ? passed : (apart?.to ?? nearest), 4);
    });
  });

  test('a copy of a stream goes its own way', () => {
    const stream = new LeftProfileStream(length, exclusion, 60, true, 990);
    values.subarray(0, 150).forEach((value) => stream.step(value));
    const copy = stream.copy();
    const ahead = Array.from(values.subarray(150), (value) => stream.step(value));
    expect(Array.from(values.subarray(150), (value) => copy.step(value))).toEqual(ahead);
  });

  test('after a restart, no window reaches across, and those before are remembered', () => {
    const stream = new LeftProfileStream(length, exclusion, 500, false, 990);
    values.subarray(0, 95).forEach((value) => stream.step(value));
    stream.restart();
    const again = Array.from(values.subarray(0, 95), (value) => stream.step(value));
    expect(again.slice(0, length - 1)).toEqual(Array.from({ length: length - 1 }, () => 0));
    for (const distance of again.slice(length - 1)) expect(distance).toBeCloseTo(0, 4);
  });

  test('windows that do not fit are refused by name', () => {
    const refused = (code: string): unknown => expect.objectContaining({ code });
    expect(() => matrixProfile(values, { length: 2 })).toThrow(refused('PARAMETER_INVALID'));
    expect(() => matrixProfile(values, { length, exclusion: 0 })).toThrow(refused('PARAMETER_INVALID'));
    expect(() => matrixProfile(values.subarray(0, 14), { length })).toThrow(refused('DATA_TOO_FEW_ROWS'));
  });
});
