/**
 * The mean of exponential moving averages of several spans, each weighted as if it had begun with the first
 * value. Short spans see a fault soon, long ones tell it from noise; their mean needs no choice between them.
 */
export class MovingAverages {
  private readonly sums: Float64Array;
  private readonly weights: Float64Array;
  private readonly decays: Float64Array;

  constructor(spans: readonly number[]) {
    this.decays = Float64Array.from(spans, (span) => 1 - 2 / (span + 1));
    this.sums = new Float64Array(spans.length);
    this.weights = new Float64Array(spans.length);
  }

  update(value: number): number {
    const { sums, weights, decays } = this;
    let total = 0;
    for (let at = 0; at < sums.length; at++) {
      sums[at] = decays[at]! * sums[at]! + value;
      weights[at] = decays[at]! * weights[at]! + 1;
      total += sums[at]! / weights[at]!;
    }
    return total / sums.length;
  }
}
