/** Mean and standard deviation of every window of a series, and z-normalised distances from inner products. */
export class WindowStatistics {
  private constructor(
    private readonly length: number,
    private readonly means: Float64Array,
    private readonly deviations: Float64Array,
  ) {}

  static of(values: Float64Array, length: number): WindowStatistics {
    const count = values.length - length + 1;
    const means = new Float64Array(count);
    const deviations = new Float64Array(count);
    for (let at = 0; at < count; at++) {
      const { mean, deviation } = windowMoments(values, at, length);
      means[at] = mean;
      deviations[at] = deviation;
    }
    return new WindowStatistics(length, means, deviations);
  }

  /** Squared distance of the windows beginning at `left` and `right`, whose inner product is `product`. */
  squaredDistance(product: number, left: number, right: number): number {
    return squaredDistance(
      this.length,
      product,
      this.means[left]!,
      this.deviations[left]!,
      this.means[right]!,
      this.deviations[right]!,
    );
  }
}

/** Windows that vary by less than this share of their size do not vary. */
const leastVariation = 1e-8;

/** A deviation of 0 stands for a window without spread. */
export function windowMoments(
  values: Float64Array,
  from: number,
  length: number,
): { mean: number; deviation: number } {
  let mean = 0;
  for (let at = from; at < from + length; at++) mean += values[at]! / length;
  let squares = 0;
  for (let at = from; at < from + length; at++) squares += (values[at]! - mean) ** 2;
  const deviation = Math.sqrt(squares / length);
  return { mean, deviation: deviation > leastVariation * Math.max(1, Math.abs(mean)) ? deviation : 0 };
}

export function squaredDistance(
  length: number,
  product: number,
  leftMean: number,
  leftDeviation: number,
  rightMean: number,
  rightDeviation: number,
): number {
  if (leftDeviation === 0 || rightDeviation === 0) return leftDeviation === rightDeviation ? 0 : length;
  const correlation = (product / length - leftMean * rightMean) / (leftDeviation * rightDeviation);
  return Math.max(0, 2 * length * (1 - correlation));
}
