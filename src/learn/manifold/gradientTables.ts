import type { Curve } from './curve';

/** Octaves of squared distance that the tables cover: from 2^−40 to 2^40. */
const octaves = 40;
/** Low bits of a float32 that lie between two knots: 64 knots an octave, as assembly/layout.ts reads them. */
const fractionBits = 17;

/** Gradient factors at knots that are evenly spaced within each octave of the squared distance. */
export interface GradientTables {
  readonly firstKnot: number;
  readonly lastKnot: number;
  /** Factor of the pull along an edge. */
  readonly attraction: Float32Array;
  /** Factor of the push from a random point. */
  readonly repulsion: Float32Array;
}

/** Keeps the push between points in one place finite. */
const repulsionOffset = 0.001;

export function gradientTables({ a, b }: Curve, repulsionStrength: number): GradientTables {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const knotOf = (x: number): number => {
    float[0] = x;
    return bits[0]! >>> fractionBits;
  };
  const firstKnot = knotOf(2 ** -octaves);
  const lastKnot = knotOf(2 ** octaves);
  const attraction = new Float32Array(lastKnot - firstKnot + 1);
  const repulsion = new Float32Array(attraction.length);
  for (let knot = firstKnot; knot <= lastKnot; knot++) {
    bits[0] = knot << fractionBits;
    const x = float[0]!;
    const power = a * x ** b;
    attraction[knot - firstKnot] = (-2 * b * power) / x / (power + 1);
    repulsion[knot - firstKnot] = (2 * repulsionStrength * b) / ((repulsionOffset + x) * (power + 1));
  }
  return { firstKnot, lastKnot, attraction, repulsion };
}
