/**
 * Reads the numbers of a large JSON list straight from its bytes into 32-bit floats. `JSON.parse` makes a boxed list of
 * millions of doubles first, which takes most of the time of a large request. Whatever is not a plain list of numbers, or
 * of equally long lists of numbers, is left to `JSON.parse`, which knows what to say of it.
 */
export interface NumberList {
  /** Flat. */
  readonly values: Float32Array;
  /** Lengths of the outer and the inner lists: one for a flat list. */
  readonly shape: readonly number[];
  /** First byte after the list. */
  readonly end: number;
}

const [zero, nine, minus, plus, dot, comma, open, close, lowerE, upperE] = Array.from('09-+.,[]eE', (sign) =>
  sign.charCodeAt(0),
) as [number, number, number, number, number, number, number, number, number, number];

/** Every power of ten that a double holds exactly (Clinger, 1990). */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
const largestPower = powersOfTen.length - 1;
/** Up to here a double counts digits without an error. */
const exactDigits = 15;
const mostDigits = 19;
/** Bound on the relative error of a value made from 16 to 19 digits: at most six roundings. */
const looseness = 2 ** -49;
const { fround, abs } = Math;

/**
 * @param start where the list's opening bracket stands
 * @returns undefined when it is no plain list of numbers that 32-bit floats hold
 */
export function readNumberList(bytes: Uint8Array, start: number): NumberList | undefined {
  // Most numbers take more than eight characters: enough room for those, and no more than half of the body.
  let values = new Float32Array(Math.max(64, (bytes.length - start) >> 3));
  let count = 0;
  let at = skipSpace(bytes, start + 1);
  const nested = bytes[at] === open;
  let outer = 0;
  let inner = -1;
  for (;;) {
    if (nested) {
      if (bytes[at] !== open) return undefined;
      at = skipSpace(bytes, at + 1);
    }
    const first = count;
    for (;;) {
      // A number: its digits, then where the point stood, then its exponent.
      const from = at;
      const negative = bytes[at] === minus;
      if (negative) at++;
      let mantissa = 0;
      let digits = 0;
      let scale = 0;
      let byte = bytes[at]!;
      if (byte === zero) {
        byte = bytes[++at]!;
        // JSON has no leading zeros.
        if (byte >= zero && byte <= nine) return undefined;
      } else {
        if (!(byte > zero && byte <= nine)) return undefined;
        while (byte >= zero && byte <= nine) {
          mantissa = mantissa * 10 + (byte - zero);
          digits++;
          byte = bytes[++at]!;
        }
      }
      if (byte === dot) {
        byte = bytes[++at]!;
        const firstDecimal = at;
        while (byte >= zero && byte <= nine) {
          mantissa = mantissa * 10 + (byte - zero);
          if (mantissa > 0) digits++;
          byte = bytes[++at]!;
        }
        scale = at - firstDecimal;
        if (scale === 0) return undefined;
      }
      let exponent = 0;
      if (byte === lowerE || byte === upperE) {
        byte = bytes[++at]!;
        const below = byte === minus;
        if (below || byte === plus) byte = bytes[++at]!;
        const firstDigit = at;
        while (byte >= zero && byte <= nine) {
          if (exponent < 10_000) exponent = exponent * 10 + (byte - zero);
          byte = bytes[++at]!;
        }
        if (at === firstDigit) return undefined;
        if (below) exponent = -exponent;
      }
      if (count === values.length) values = doubled(values);
      const power = exponent - scale;
      let value: number;
      if (digits > mostDigits || power < -largestPower || power > largestPower) {
        value = fround(numberOf(bytes, from, at));
      } else {
        const size = power < 0 ? mantissa / powersOfTen[-power]! : mantissa * powersOfTen[power]!;
        value = fround(size);
        if (digits > exactDigits) {
          // Near the middle between two floats the digits have to be read exactly.
          const error = abs(size) * looseness;
          if (fround(size - error) !== fround(size + error)) value = fround(numberOf(bytes, from, at));
          else if (negative) value = -value;
        } else if (negative) value = -value;
      }
      if (value === Infinity || value === -Infinity) return undefined;
      values[count++] = value;
      at = skipSpace(bytes, at);
      if (bytes[at] !== comma) break;
      at = skipSpace(bytes, at + 1);
    }
    if (bytes[at] !== close) return undefined;
    at++;
    if (!nested) break;
    if (inner < 0) inner = count - first;
    if (count - first !== inner) return undefined;
    outer++;
    at = skipSpace(bytes, at);
    if (bytes[at] === close) {
      at++;
      break;
    }
    if (bytes[at] !== comma) return undefined;
    at = skipSpace(bytes, at + 1);
  }
  return { values: values.subarray(0, count), shape: nested ? [outer, inner] : [count], end: at };
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

function numberOf(bytes: Uint8Array, from: number, to: number): number {
  let text = '';
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at]!);
  return Number(text);
}

function doubled(values: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(values.length * 2);
  larger.set(values);
  return larger;
}
