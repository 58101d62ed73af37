import { bfloatFromBits, halfFromBits, roundToBfloat, roundToHalf } from './halfPrecision';
import { invalidInference } from './invalidInference';

/**
 * Tensor data types of the Open Inference Protocol, and how each becomes 32-bit floats. A value is converted only
 * where a 32-bit float holds it exactly; a number in JSON is first read as the nearest value of its declared type.
 * docs/decisions/0090 says why.
 */
export interface DataType {
  readonly bytes: number;
  /** The element at byte `offset`, little-endian. */
  readonly read: (view: DataView, offset: number) => number;
  /** The nearest value of the type to a number written in JSON; throws `Unrepresentable` when there is none. */
  readonly fromJson: (value: number) => number;
}

/** Why a value cannot be taken; the caller adds where it stands. */
export class Unrepresentable extends Error {
  override readonly name = 'Unrepresentable';
}

const inRange =
  (minimum: number, maximum: number) =>
  (value: number): number => {
    if (!Number.isInteger(value)) throw new Unrepresentable('is not an integer');
    // Beyond 2^53 JSON has lost digits already, so that nobody knows which integer was meant.
    if (value < minimum || value > maximum || !Number.isSafeInteger(value)) {
      throw new Unrepresentable('is out of range');
    }
    return value;
  };

const nearest =
  (round: (value: number) => number) =>
  (value: number): number => {
    const rounded = round(value);
    if (!Number.isFinite(rounded)) throw new Unrepresentable('is out of range');
    return rounded;
  };

/** A 64-bit integer as a number, when a double holds it. */
function exactInteger(value: bigint): number {
  const number = Number(value);
  if (BigInt(number) !== value) throw new Unrepresentable('cannot be held exactly in FP32');
  return number;
}

export const dataTypes: ReadonlyMap<string, DataType> = new Map<string, DataType>([
  [
    'BOOL',
    {
      bytes: 1,
      read: (view, offset) => {
        const value = view.getUint8(offset);
        if (value > 1) throw new Unrepresentable('is neither 0 nor 1');
        return value;
      },
      fromJson: () => {
        throw new Unrepresentable('is neither true nor false');
      },
    },
  ],
  ['INT8', { bytes: 1, read: (view, offset) => view.getInt8(offset), fromJson: inRange(-128, 127) }],
  [
    'INT16',
    { bytes: 2, read: (view, offset) => view.getInt16(offset, true), fromJson: inRange(-32_768, 32_767) },
  ],
  [
    'INT32',
    {
      bytes: 4,
      read: (view, offset) => view.getInt32(offset, true),
      fromJson: inRange(-(2 ** 31), 2 ** 31 - 1),
    },
  ],
  [
    'INT64',
    {
      bytes: 8,
      read: (view, offset) => exactInteger(view.getBigInt64(offset, true)),
      fromJson: inRange(-(2 ** 63), 2 ** 63),
    },
  ],
  ['UINT8', { bytes: 1, read: (view, offset) => view.getUint8(offset), fromJson: inRange(0, 255) }],
  [
    'UINT16',
    { bytes: 2, read: (view, offset) => view.getUint16(offset, true), fromJson: inRange(0, 65_535) },
  ],
  [
    'UINT32',
    { bytes: 4, read: (view, offset) => view.getUint32(offset, true), fromJson: inRange(0, 2 ** 32 - 1) },
  ],
  [
    'UINT64',
    {
      bytes: 8,
      read: (view, offset) => exactInteger(view.getBigUint64(offset, true)),
      fromJson: inRange(0, 2 ** 64),
    },
  ],
  [
    'FP16',
    {
      bytes: 2,
      read: (view, offset) => halfFromBits(view.getUint16(offset, true)),
      fromJson: nearest(roundToHalf),
    },
  ],
  [
    'BF16',
    {
      bytes: 2,
      read: (view, offset) => bfloatFromBits(view.getUint16(offset, true)),
      fromJson: nearest(roundToBfloat),
    },
  ],
  [
    'FP32',
    { bytes: 4, read: (view, offset) => view.getFloat32(offset, true), fromJson: nearest(Math.fround) },
  ],
  ['FP64', { bytes: 8, read: (view, offset) => view.getFloat64(offset, true), fromJson: (value) => value }],
]);

/** @throws INPUT_INVALID naming the type and those that are taken. */
export function dataTypeOf(name: string): DataType {
  const found = dataTypes.get(name);
  if (found) return found;
  throw invalidInference(
    `datatype ${JSON.stringify(name)} is not taken; these are: ${[...dataTypes.keys()].join(', ')}`,
    'datatype',
  );
}
