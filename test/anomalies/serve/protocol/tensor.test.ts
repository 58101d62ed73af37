import { describe, expect, test } from '@jest/globals';
import { readTensor } from '../../../../src/anomalies/serve/protocol/tensor';
import { dataTypes } from '../../../../src/anomalies/serve/protocol/dataTypes';
import {
  halfFromBits,
  roundToBfloat,
  roundToHalf,
} from '../../../../src/anomalies/serve/protocol/halfPrecision';

const strict = { d: 2, allowMissing: false };
const input = (datatype: string, data: unknown, shape: number[] = [1, 2], name = 'features') => ({
  name,
  shape,
  datatype,
  data,
});
const json = (datatype: string, data: unknown, shape?: number[]) =>
  Array.from(readTensor(input(datatype, data, shape), {}, strict).values);
const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect(error).toMatchObject({ code: 'INPUT_INVALID' });
    return (error as Error).message;
  }
  throw new Error('it was taken');
};
const bytesOf = (values: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const binary = (datatype: string, bytes: Uint8Array, reading = strict) =>
  readTensor({ name: 'features', shape: [1, 2], datatype }, { binary: bytes }, reading).values;

describe('tensors as JSON', () => {
  test('flat and nested data are the same rows', () => {
    expect(json('FP32', [1, 2, 3, 4], [2, 2])).toEqual([1, 2, 3, 4]);
    expect(
      json(
        'FP32',
        [
          [1, 2],
          [3, 4],
        ],
        [2, 2],
      ),
    ).toEqual([1, 2, 3, 4]);
  });

  test('a decimal is read as the nearest 32-bit float', () => {
    expect(json('FP32', [0.1, 1e-50])).toEqual([Math.fround(0.1), 0]);
  });

  test.each([
    ['INT8', [-128, 127], [-128.5, 128]],
    ['INT16', [-32_768, 32_767], [0.5, 32_768]],
    ['INT32', [-(2 ** 24), 2 ** 31 - 2 ** 7], [2 ** 31, 2 ** 24 + 1]],
    ['INT64', [2 ** 24, 2 ** 40], [2 ** 24 + 1, 2 ** 53]],
    ['UINT8', [0, 255], [-1, 256]],
    ['UINT16', [0, 65_535], [-1, 65_536]],
    ['UINT32', [0, 2 ** 31], [-1, 2 ** 32 - 1]],
    ['UINT64', [0, 2 ** 40], [-1, 2 ** 64]],
    ['FP16', [0.5, 65_504], [65_520, 1e6]],
    ['BF16', [0.5, 2 ** 100], [3.4e38 * 1.01, 1e39]],
    ['FP32', [0.1, 3.4e38], [3.5e38, -1e300]],
    ['FP64', [0.5, 2 ** 100], [0.1, 1e300]],
  ])('%s is converted where a 32-bit float holds the value, and refused elsewhere', (datatype, good, bad) => {
    const type = dataTypes.get(datatype)!;
    expect(json(datatype, good)).toEqual(good.map((value) => Math.fround(type.fromJson(value))));
    for (const value of bad) {
      expect(refusal(() => json(datatype, [0, value]))).toMatch(/^value at \[0, 1\] (is|cannot)/);
    }
  });

  test('BOOL takes true and false alone', () => {
    expect(json('BOOL', [true, false])).toEqual([1, 0]);
    expect(refusal(() => json('BOOL', [true, 2]))).toContain('neither true nor false');
    expect(refusal(() => json('FP32', [true, 1]))).toContain('not a number but boolean');
  });

  test.each<[string, unknown, number[]]>([
    ['too few values', [1], [1, 2]],
    ['too many values', [1, 2, 3], [1, 2]],
    ['a short row', [[1, 2], [3]], [2, 2]],
    ['a text', ['1', 2], [1, 2]],
    ['null', [null, 2], [1, 2]],
    ['lists in lists', [[[1, 2]]], [1, 2]],
    ['no list', 'features', [1, 2]],
    ['nothing', undefined, [1, 2]],
    ['a width that is not the model’s', [1, 2, 3], [1, 3]],
    ['one dimension', [1, 2], [2]],
    ['three dimensions', [1, 2], [1, 1, 2]],
    ['no rows', [], [0, 2]],
    ['a negative shape', [1, 2], [-1, 2]],
    ['a fraction in the shape', [1, 2], [1.5, 2]],
    ['2^31 rows', [1, 2], [2 ** 31, 2]],
    ['a product that overflows', [1, 2], [2 ** 62, 2 ** 62]],
    ['more rows than are taken', [1, 2], [10_001, 2]],
    ['NaN in the shape', [1, 2], [Number.NaN, 2]],
  ])('%s is refused', (_name, data, shape) => {
    expect(refusal(() => json('FP32', data, shape))).not.toBe('');
  });

  test('the bad value of many is named by row and column', () => {
    const data = Array.from({ length: 20 }, (_, index) => (index === 13 ? 'x' : index));
    expect(refusal(() => json('FP32', data, [10, 2]))).toContain('[6, 1]');
  });

  test('null is a missing value once the request says so', () => {
    const { values } = readTensor(input('FP32', [null, 1]), {}, { d: 2, allowMissing: true });
    expect([...values]).toEqual([Number.NaN, 1]);
  });

  test('another input, or another datatype, is refused by name', () => {
    expect(refusal(() => readTensor(input('FP32', [1, 2], [1, 2], 'x'), {}, strict))).toContain('"x"');
    expect(refusal(() => json('BYTES', ['a', 'b']))).toContain('"BYTES"');
  });
});

describe('tensors as bytes', () => {
  test.each<[string, Uint8Array, number[]]>([
    ['BOOL', Uint8Array.of(1, 0), [1, 0]],
    ['INT8', bytesOf(Int8Array.of(-3, 4)), [-3, 4]],
    ['INT16', bytesOf(Int16Array.of(-300, 400)), [-300, 400]],
    ['INT32', bytesOf(Int32Array.of(-70_000, 2 ** 30)), [-70_000, 2 ** 30]],
    ['INT64', bytesOf(BigInt64Array.of(-(2n ** 24n), 2n ** 60n)), [-(2 ** 24), 2 ** 60]],
    ['UINT8', Uint8Array.of(255, 0), [255, 0]],
    ['UINT16', bytesOf(Uint16Array.of(65_535, 1)), [65_535, 1]],
    ['UINT32', bytesOf(Uint32Array.of(2 ** 31, 1)), [2 ** 31, 1]],
    ['UINT64', bytesOf(BigUint64Array.of(2n ** 63n, 1n)), [2 ** 63, 1]],
    ['FP16', bytesOf(Uint16Array.of(0x3555, 0xc000)), [0.333251953125, -2]],
    ['BF16', bytesOf(Uint16Array.of(0x3eab, 0xc000)), [0.333984375, -2]],
    ['FP32', bytesOf(Float32Array.of(0.1, -2)), [Math.fround(0.1), -2]],
    ['FP64', bytesOf(Float64Array.of(0.5, Math.fround(0.1))), [0.5, Math.fround(0.1)]],
  ])('%s is read little-endian', (datatype, bytes, expected) => {
    expect([...binary(datatype, bytes)]).toEqual(expected);
  });

  test('a tensor may begin at any byte of the body', () => {
    const body = new Uint8Array(11);
    body.set(bytesOf(Float32Array.of(1.5, -2.5)), 3);
    expect([...binary('FP32', body.subarray(3))]).toEqual([1.5, -2.5]);
  });

  test.each<[string, string, Uint8Array]>([
    ['an integer between two floats', 'INT64', bytesOf(BigInt64Array.of(0n, 2n ** 24n + 1n))],
    ['an integer between two doubles', 'INT64', bytesOf(BigInt64Array.of(0n, 2n ** 53n + 1n))],
    ['a double that is no float', 'FP64', bytesOf(Float64Array.of(0, 0.1))],
    ['a double out of range', 'FP64', bytesOf(Float64Array.of(0, 1e300))],
    ['NaN', 'FP32', bytesOf(Float32Array.of(0, Number.NaN))],
    ['NaN in half precision', 'FP16', bytesOf(Uint16Array.of(0, 0x7e00))],
    ['infinity', 'FP32', bytesOf(Float32Array.of(0, -Infinity))],
    ['infinity in half precision', 'FP16', bytesOf(Uint16Array.of(0, 0x7c00))],
    ['a truth of 2', 'BOOL', Uint8Array.of(1, 2)],
  ])('%s is refused with its place', (_name, datatype, bytes) => {
    expect(refusal(() => binary(datatype, bytes))).toContain('[0, 1]');
  });

  test('too few or too many bytes are refused', () => {
    expect(refusal(() => binary('FP32', new Uint8Array(7)))).toContain('7 bytes');
    expect(refusal(() => binary('FP32', new Uint8Array(9)))).toContain('9 bytes');
  });

  test('NaN is a missing value once the request says so; infinity never is', () => {
    const reading = { d: 2, allowMissing: true };
    expect([...binary('FP32', bytesOf(Float32Array.of(Number.NaN, 1)), reading)]).toEqual([Number.NaN, 1]);
    expect(refusal(() => binary('FP32', bytesOf(Float32Array.of(Infinity, 1)), reading))).toContain(
      'infinite',
    );
  });
});

describe('half precision', () => {
  test('every finite bit pattern survives rounding', () => {
    const values = Array.from({ length: 0x10000 }, (_, bits) => halfFromBits(bits)).filter(Number.isFinite);
    expect(values).toHaveLength(2 * 31 * 1_024);
    expect(values.filter((value) => !Object.is(roundToHalf(value), value))).toEqual([]);
  });

  test('rounding goes to the nearest, ties to even', () => {
    expect(roundToHalf(1 + 2 ** -11)).toBe(1);
    expect(roundToHalf(1 + 3 * 2 ** -11)).toBe(1 + 2 ** -9);
    expect(roundToHalf(65_519)).toBe(65_504);
    expect(roundToHalf(65_520)).toBe(Infinity);
    expect(roundToHalf(2 ** -25)).toBe(0);
    expect(roundToHalf(3 * 2 ** -26)).toBe(2 ** -24);
    expect(roundToBfloat(1 + 2 ** -8)).toBe(1);
    expect(roundToBfloat(1 + 3 * 2 ** -8)).toBe(1 + 2 ** -6);
  });
});
