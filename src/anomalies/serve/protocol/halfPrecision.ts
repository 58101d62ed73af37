/** IEEE 754 binary16 and bfloat16 as numbers. */

const smallestNormalExponent = -14;
const mantissaBits = 10;
const largestHalf = 65_504;
const scratch = new DataView(new ArrayBuffer(8));

export function halfFromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> mantissaBits) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** (smallestNormalExponent - mantissaBits);
  return sign * (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - 15);
}

/** The nearest binary16 value, ties to even; infinite where that is out of range. */
export function roundToHalf(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  scratch.setFloat64(0, value);
  const exponent = ((scratch.getUint16(0) >>> 4) & 0x7ff) - 1023;
  const step = 2 ** (Math.max(exponent, smallestNormalExponent) - mantissaBits);
  const rounded = roundHalfToEven(value / step) * step;
  return Math.abs(rounded) > largestHalf ? Math.sign(value) * Infinity : rounded;
}

export function bfloatFromBits(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** The nearest bfloat16 value to that of the nearest 32-bit float, ties to even. */
export function roundToBfloat(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  scratch.setUint32(0, (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  return scratch.getFloat32(0);
}

function roundHalfToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1;
  return rest < 0.5 ? below : below + 1;
}
