/**
 * Least value of a function of a few variables inside a box, without derivatives (Nelder and Mead 1965); points
 * outside are moved onto the box. Deterministic.
 */
export interface SimplexOptions {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** First steps along each variable, as a share of the box. */
  readonly stepShare: number;
  /** Stops when the best and worst value of the simplex differ by this share of the best. */
  readonly tolerance: number;
  readonly mostEvaluations: number;
}

interface Vertex {
  readonly point: number[];
  readonly value: number;
}

export function minimize(
  evaluate: (point: readonly number[]) => number,
  start: readonly number[],
  options: SimplexOptions,
): Vertex {
  const { lower, upper } = options;
  let evaluations = 0;
  const vertex = (point: readonly number[]): Vertex => {
    const inside = point.map((value, at) => Math.min(upper[at]!, Math.max(lower[at]!, value)));
    evaluations++;
    return { point: inside, value: evaluate(inside) };
  };
  const simplex = [vertex(start)];
  start.forEach((value, at) => {
    const size = (upper[at]! - lower[at]!) * options.stepShare;
    const moved = [...start];
    moved[at] = value + size > upper[at]! ? value - size : value + size;
    simplex.push(vertex(moved));
  });
  const byValue = (a: Vertex, b: Vertex): number => a.value - b.value;
  simplex.sort(byValue);
  while (evaluations < options.mostEvaluations) {
    const best = simplex[0]!;
    const worst = simplex.at(-1)!;
    if (worst.value - best.value <= options.tolerance * (Math.abs(best.value) + Number.MIN_VALUE)) break;
    const rest = simplex.slice(0, -1);
    const center = start.map((_, at) => rest.reduce((sum, { point }) => sum + point[at]!, 0) / rest.length);
    const along = (factor: number): Vertex =>
      vertex(center.map((value, at) => value + factor * (worst.point[at]! - value)));
    const reflected = along(-1);
    const secondWorst = rest.at(-1)!;
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[simplex.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < secondWorst.value) simplex[simplex.length - 1] = reflected;
    else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[simplex.length - 1] = contracted;
      else {
        for (let at = 1; at < simplex.length; at++) {
          const { point } = simplex[at]!;
          simplex[at] = vertex(point.map((value, k) => best.point[k]! + (value - best.point[k]!) / 2));
        }
      }
    }
    simplex.sort(byValue);
  }
  return simplex[0]!;
}
