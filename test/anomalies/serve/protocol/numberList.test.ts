import { describe, expect, test } from '@jest/globals';
import { readNumberList } from '../../../../src/anomalies/serve/protocol/numberList';
import { seededRandom } from '../../../../src/contracts';

const read = (text: string, start = 0) => readNumberList(Buffer.from(text), start);

/** What JSON.parse and rounding to 32 bits say of the same text. */
const expected = (text: string) => Float32Array.from((JSON.parse(text) as unknown[]).flat() as number[]);

describe('numbers straight from bytes', () => {
  test('are those of JSON.parse, bit by bit, however they are written', () => {
    const random = seededRandom(7);
    const scratch = new DataView(new ArrayBuffer(8));
    const written = Array.from({ length: 60_000 }, (_, index) => {
      scratch.setUint32(0, random.integer(2 ** 32));
      scratch.setUint32(4, random.integer(2 ** 32));
      const float = scratch.getFloat32(0);
      const double = scratch.getFloat64(0);
      const value = random.normal() * 10 ** random.integer(12);
      const forms = [
        () => String(Number.isFinite(float) ? float : 0),
        () => String(Math.fround(value)),
        () => String(value),
        () => value.toPrecision(1 + random.integer(21)),
        () => value.toExponential(random.integer(20)).replace('e+', 'e'),
        () => value.toExponential(random.integer(20)).toUpperCase(),
        () => String(Math.round(value)),
        () => (Math.abs(double) < 1e37 ? String(double) : '0'),
      ];
      return forms[index % forms.length]!();
    });
    const text = `[${written.join(',')}]`;
    const found = read(text)!;
    const right = expected(text);
    expect(found.values).toHaveLength(right.length);
    const wrong = written.filter((_, index) => !Object.is(found.values[index], right[index]));
    expect(wrong).toEqual([]);
  });

  test('halfway between two floats are rounded as JSON.parse rounds them', () => {
    const random = seededRandom(8);
    const written = Array.from({ length: 20_000 }, () => {
      const float = Math.fround(random.normal() * 100);
      const next = new Float32Array([float]);
      new Uint32Array(next.buffer)[0]! += 1;
      const middle = (float + next[0]!) / 2;
      const nudge = [0, 1e-16, -1e-16, 3e-16][random.integer(4)]!;
      return (middle * (1 + nudge)).toPrecision(15 + random.integer(6));
    });
    const text = `[${written.join(', ')}]`;
    expect(read(text)!.values).toEqual(expected(text));
  });

  test('come with their shape and their end', () => {
    expect(read('x [1, 2,3 ] y', 2)).toEqual({ values: Float32Array.of(1, 2, 3), shape: [3], end: 11 });
    expect(read('[[1,2], [3,4],[5,6]]')).toEqual({
      values: Float32Array.of(1, 2, 3, 4, 5, 6),
      shape: [3, 2],
      end: 20,
    });
    expect(Object.is(read('[-0]')!.values[0], -0)).toBe(true);
    expect(Object.is(read('[-0.0e5]')!.values[0], -0)).toBe(true);
  });

  test.each([
    '[]',
    '[[]]',
    '[1,]',
    '[,1]',
    '[1 2]',
    '[01]',
    '[-]',
    '[1.]',
    '[.5]',
    '[+1]',
    '[1e]',
    '[1e+]',
    '[NaN]',
    '[null]',
    '["1"]',
    '[true]',
    '[1e39]',
    '[-1e400]',
    '[1',
    '[1,[2]]',
    '[[1],2]',
    '[[1],[2,3]]',
    '[[[1]]]',
    '[0x10]',
    '[1_000]',
    '[',
  ])('%s is left to JSON.parse', (text) => {
    expect(read(text)).toBeUndefined();
  });
});
