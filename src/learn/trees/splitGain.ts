/** Second-order loss of a node with gradient sum G and hessian sum H (Chen and Guestrin 2016, section 2.2). */

export interface Regularization {
  readonly regAlpha: number;
  readonly regLambda: number;
}

/** Range that a node's value must keep to because of monotone splits above it. */
export interface ValueBounds {
  readonly lower: number;
  readonly upper: number;
}

export const unbounded: ValueBounds = { lower: -Infinity, upper: Infinity };

/** The value that takes most loss away, before the learning rate. */
export function bestValue(
  gradient: number,
  hessian: number,
  { regAlpha, regLambda }: Regularization,
  bounds: ValueBounds = unbounded,
): number {
  const denominator = hessian + regLambda;
  const shrunk = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - regAlpha);
  const value = denominator > 0 ? -shrunk / denominator : 0;
  return Math.min(bounds.upper, Math.max(bounds.lower, value));
}

/** Twice the loss that `value` takes away. */
export function gainOf(
  gradient: number,
  hessian: number,
  value: number,
  { regAlpha, regLambda }: Regularization,
): number {
  return -(2 * gradient * value + (hessian + regLambda) * value * value + 2 * regAlpha * Math.abs(value));
}
