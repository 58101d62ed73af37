import {
  featuresTensor,
  mostInferenceRows,
  type InferenceInput,
  type QuarterdeckError,
} from '../../../contracts';
import type { Matrix } from '../../../learn/matrix';
import { dataTypeOf, Unrepresentable, type DataType } from './dataTypes';
import { invalidInference } from './invalidInference';
import type { NumberList } from './numberList';

export interface TensorReading {
  /** Columns that the model has. */
  readonly d: number;
  /** NaN, and null in JSON, stands for a missing value; otherwise it is refused. */
  readonly allowMissing: boolean;
}

/** Where a tensor's values are, unless they are in its `data`. */
export interface TensorSource {
  /** The bytes that came after the JSON. */
  readonly binary?: Uint8Array | undefined;
  /** Numbers that were read straight from the JSON. */
  readonly numbers?: NumberList | undefined;
}

/**
 * The rows of the input tensor as 32-bit floats.
 * @throws INPUT_INVALID naming what does not fit, with the position of a bad value.
 */
export function readTensor(
  input: InferenceInput,
  { binary, numbers }: TensorSource,
  reading: TensorReading,
): Matrix {
  if (input.name !== featuresTensor) {
    throw invalidInference(
      `unexpected input ${JSON.stringify(input.name)}: the model has one, "${featuresTensor}"`,
      'inputs.name',
    );
  }
  const type = dataTypeOf(input.datatype);
  const n = checkShape(input.shape, reading.d);
  if (numbers) return { values: fromNumbers(numbers, n, reading.d), n, d: reading.d };
  const values = binary
    ? fromBytes(binary, input.datatype, type, n, reading)
    : fromJson(input.data, input, type, n, reading);
  return { values, n, d: reading.d };
}

/** @returns the number of rows. Every dimension is looked at before anything is multiplied. */
function checkShape(shape: readonly number[], d: number): number {
  const shown = `[${shape.join(', ')}]`;
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw invalidInference(`shape ${shown}: every dimension is an integer of at least 0`, 'shape');
  }
  const [n, width] = shape as [number, number?];
  if (shape.length !== 2 || width !== d) {
    throw invalidInference(`shape ${shown} does not fit: expected [rows, ${d}]`, 'shape');
  }
  if (n < 1 || n > mostInferenceRows) {
    throw invalidInference(`shape ${shown}: 1 to ${mostInferenceRows} rows are taken at once`, 'shape');
  }
  return n;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function fromBytes(
  bytes: Uint8Array,
  typeName: string,
  type: DataType,
  n: number,
  { d, allowMissing }: TensorReading,
): Float32Array {
  const expected = n * d * type.bytes;
  if (bytes.byteLength !== expected) {
    throw invalidInference(
      `${bytes.byteLength} bytes of binary data, [${n}, ${d}] of ${typeName} has ${expected}`,
      'parameters.binary_data_size',
    );
  }
  const values = new Float32Array(n * d);
  if (typeName === 'FP32' && isLittleEndian) {
    // As they are: a copy, because the body may begin at any byte.
    new Uint8Array(values.buffer).set(bytes);
    if (isFinite(values)) return values;
    return fill(values, d, (index) => exact(values[index]!, typeName, allowMissing));
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return fill(values, d, (index) => exact(type.read(view, index * type.bytes), typeName, allowMissing));
}

function fromNumbers({ values, shape }: NumberList, n: number, d: number): Float32Array {
  const [outer, inner] = shape;
  if (inner !== undefined && outer === n && inner !== d) throw wrongRow(0, inner, d);
  if (inner === undefined ? outer !== n * d : outer !== n) throw wrongCount(outer!, n, d);
  return values;
}

function wrongRow(row: number, length: number, d: number): QuarterdeckError {
  return invalidInference(`row ${row} has ${length} values, the shape says ${d}`, 'inputs.data');
}

function wrongCount(count: number, n: number, d: number): QuarterdeckError {
  return invalidInference(`${count} values, the shape [${n}, ${d}] has ${n * d}`, 'inputs.data');
}

function fromJson(
  data: unknown,
  input: InferenceInput,
  type: DataType,
  n: number,
  { d, allowMissing }: TensorReading,
): Float32Array {
  if (!Array.isArray(data)) {
    throw invalidInference(`input "${input.name}" has no data: a list of numbers`, 'inputs.data');
  }
  const flat = flatten(data, n, d);
  const values = new Float32Array(n * d);
  // 32-bit floats are nearly all there is, and millions of them: no call for each.
  if (input.datatype === 'FP32' && isPlain(flat)) {
    values.set(flat);
    if (isFinite(values)) return values;
  }
  return fill(values, d, (index) => {
    const value = flat[index];
    if (value === null && allowMissing) return Number.NaN;
    if (typeof value === 'boolean' && input.datatype === 'BOOL') return Number(value);
    if (typeof value !== 'number') {
      throw new Unrepresentable(value === null ? 'is null' : `is not a number but ${typeof value}`);
    }
    return exact(type.fromJson(value), input.datatype, allowMissing);
  });
}

/** Flat data, or one list per row. */
function flatten(data: readonly unknown[], n: number, d: number): readonly unknown[] {
  if (data.length === n && data.every((row) => Array.isArray(row))) {
    const rows = data as readonly (readonly unknown[])[];
    const flat: unknown[] = [];
    rows.forEach((row, index) => {
      if (row.length !== d) {
        throw wrongRow(index, row.length, d);
      }
      for (const value of row) flat.push(value);
    });
    return flat;
  }
  if (data.length !== n * d) {
    throw wrongCount(data.length, n, d);
  }
  return data;
}

function isPlain(flat: readonly unknown[]): flat is readonly number[] {
  for (const value of flat) if (typeof value !== 'number') return false;
  return true;
}

function isFinite(values: Float32Array): boolean {
  for (let index = 0; index < values.length; index++) if (!Number.isFinite(values[index])) return false;
  return true;
}

/** The value itself when a 32-bit float holds it. */
function exact(value: number, typeName: string, allowMissing: boolean): number {
  if (Number.isNaN(value)) {
    if (allowMissing) return value;
    throw new Unrepresentable(
      'is NaN; with the parameter "allow_missing": true it stands for a missing value',
    );
  }
  if (!Number.isFinite(value)) throw new Unrepresentable('is infinite');
  if (Math.fround(value) !== value) {
    throw new Unrepresentable(`cannot be held exactly in FP32, so ${typeName} is not converted: send FP32`);
  }
  return value;
}

/** Fills `values` by index; a value that cannot be taken is named by row and column. */
function fill(values: Float32Array, d: number, read: (index: number) => number): Float32Array {
  let index = 0;
  try {
    for (; index < values.length; index++) values[index] = read(index);
    return values;
  } catch (error) {
    if (!(error instanceof Unrepresentable)) throw error;
    const position = `[${Math.floor(index / d)}, ${index % d}]`;
    throw invalidInference(`value at ${position} ${error.message}`, 'inputs.data', error);
  }
}
