import { describe, expect, test } from '@jest/globals';
import { eventExtents, extents, type ReviewedStates } from '../../../src/anomalies/train/eventExtent';
import { seededRandom } from '../../../src/contracts';
import { matrix } from '../../../src/learn/matrix';

const minutes = 800;
const columns = 6;

interface Shape {
  /** How strong the event is at a minute: 0 nothing, 1 full. */
  readonly strengthAt: (minute: number) => number;
  readonly verdicts: Readonly<Record<number, 0 | 1>>;
  /** Columns that the event moves. */
  readonly moved?: readonly number[];
}

/** One server with noise in every column, and an event that moves some of them by six spreads. */
function server({ strengthAt, verdicts, moved = [1, 4] }: Shape): ReviewedStates {
  const random = seededRandom(7);
  const values = new Float32Array(minutes * columns);
  for (let minute = 0; minute < minutes; minute++) {
    for (let column = 0; column < columns; column++) {
      values[minute * columns + column] =
        0.3 * random.normal() + (moved.includes(column) ? 1.8 * strengthAt(minute) : 0);
    }
  }
  return {
    instances: Array.from({ length: minutes }, () => 'server'),
    minutes: Array.from({ length: minutes }, (_, minute) => minute),
    confidence: Array.from({ length: minutes }, (_, minute) => (strengthAt(minute) > 0 ? -0.4 : 0.8)),
    verdicts: Int8Array.from({ length: minutes }, (_, minute) => verdicts[minute] ?? -1),
    states: matrix(values, minutes, columns),
  };
}

const order = Int32Array.from({ length: minutes }, (_, row) => row);
const block = (from: number, to: number) => (minute: number) => (minute >= from && minute < to ? 1 : 0);
const rowsThat = (found: Uint8Array, extent: number): number[] =>
  [...found.keys()].filter((row) => found[row] === extent);

describe('how far an event reaches', () => {
  test('one verdict finds nearly all of a long event and nothing beyond it', () => {
    const found = eventExtents(server({ strengthAt: block(300, 400), verdicts: { 350: 1 } }), order);
    const inside = rowsThat(found, extents.inside);
    expect(inside.every((minute) => minute >= 300 && minute < 400)).toBe(true);
    expect(inside.length).toBeGreaterThan(90);
    const outside = rowsThat(found, extents.outside);
    expect(outside.every((minute) => minute < 300 || minute >= 400)).toBe(true);
    // The aftermath on both sides, and no further.
    expect(outside.length).toBeGreaterThan(50);
    expect(Math.min(...outside)).toBeGreaterThanOrEqual(269);
    expect(Math.max(...outside)).toBeLessThanOrEqual(430);
  });

  test('where a slow event is half way up nothing is concluded', () => {
    const ramp = (minute: number): number =>
      Math.max(0, Math.min(1, (minute - 300) / 40)) * block(300, 420)(minute);
    const found = eventExtents(server({ strengthAt: ramp, verdicts: { 380: 1 } }), order);
    const inside = rowsThat(found, extents.inside);
    const outside = rowsThat(found, extents.outside);
    expect(Math.min(...inside)).toBeGreaterThan(312);
    expect(outside.filter((minute) => minute >= 328 && minute < 420)).toEqual([]);
    expect(
      rowsThat(found, extents.unclear).filter((minute) => minute > 308 && minute < 328).length,
    ).toBeGreaterThan(3);
  });

  test('a normal verdict ends it, and a short dip does not', () => {
    const dipping = (minute: number): number => (minute >= 360 && minute < 366 ? 0 : block(300, 400)(minute));
    const through = eventExtents(server({ strengthAt: dipping, verdicts: { 350: 1 } }), order);
    expect(through[380]).toBe(extents.inside);
    const ended = eventExtents(server({ strengthAt: block(300, 400), verdicts: { 350: 1, 370: 0 } }), order);
    expect(ended[358]).toBe(extents.inside);
    // The row called normal looks like the event: what lies nearer to it is not for looks to tell.
    expect(rowsThat(ended, extents.inside).filter((minute) => minute > 360)).toEqual([]);
  });

  test('a later event of another kind is not part of it', () => {
    const first = server({ strengthAt: block(300, 340), verdicts: { 320: 1 } });
    const second = server({ strengthAt: block(350, 380), verdicts: {}, moved: [0, 5] });
    const states = matrix(
      first.states.values.map((value, at) => (at >= 345 * columns ? second.states.values[at]! : value)),
      minutes,
      columns,
    );
    const found = eventExtents({ ...first, states }, order);
    expect(rowsThat(found, extents.inside).filter((minute) => minute >= 340)).toEqual([]);
  });

  test('a verdict on a row that looks as usual reaches nothing, and other instances are not reached', () => {
    const quiet = eventExtents(server({ strengthAt: () => 0, verdicts: { 350: 1 }, moved: [] }), order);
    expect(rowsThat(quiet, extents.inside)).toEqual([]);
    const two = server({ strengthAt: block(300, 400), verdicts: { 350: 1 } });
    const instances = Array.from({ length: minutes }, (_, minute) => (minute < 380 ? 'a' : 'b'));
    const found = eventExtents({ ...two, instances }, order);
    expect(rowsThat(found, extents.unreached).filter((minute) => minute >= 380)).toHaveLength(minutes - 380);
  });
});
