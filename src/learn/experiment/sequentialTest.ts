/**
 * Comparing two means while their data comes in, with as many looks as one likes: the mixture sequential probability
 * ratio test with a normal mixture over the difference (Robbins 1970; Johari, Koomen, Pekelis and Walsh, "Always valid
 * inference", Operations Research 2022). Its p-value is valid at every look and at the smallest of all looks, and its
 * interval covers the true difference at all times together with probability 1 - alpha.
 */
export interface SequentialOptions {
  /** Chance of ever seeing a difference where there is none. */
  readonly alpha: number;
  /** Standard deviation of the differences that are looked for: the test is quickest at about that size. */
  readonly effectScale: number;
  /** Fewest values per arm before anything is concluded: below it the variances are not known well enough. */
  readonly minimumPerArm: number;
}

export const defaultSequentialOptions: SequentialOptions = {
  alpha: 0.05,
  effectScale: 0.05,
  minimumPerArm: 50,
};

export interface SequentialState {
  /** Second mean less first mean. */
  readonly difference: number;
  /** Confidence sequence of the difference at this moment. */
  readonly low: number;
  readonly high: number;
  /** Smallest p-value so far. */
  readonly p: number;
  readonly significant: boolean;
}

// Simulations make millions of looks.
const { exp, log, min } = Math;

/**
 * Weight and variance of what is assumed before any data, as so many values of a fair coin: a run of equal values is
 * no proof that there is no variance.
 */
const priorWeight = 10;
const priorVariance = 0.25;

class Arm {
  n = 0;
  mean = 0;
  private squares = 0;

  add(value: number): void {
    this.n += 1;
    const before = value - this.mean;
    this.mean += before / this.n;
    this.squares += before * (value - this.mean);
  }

  /** Variance of the mean. */
  get varianceOfMean(): number {
    return (this.squares + priorWeight * priorVariance) / (this.n + priorWeight) / this.n;
  }
}

export class SequentialTest {
  readonly first = new Arm();
  readonly second = new Arm();
  private smallestP = 1;

  constructor(private readonly options: SequentialOptions = defaultSequentialOptions) {}

  /** @param value in [0, 1] */
  add(arm: 'first' | 'second', value: number): void {
    this[arm].add(value);
    if (min(this.first.n, this.second.n) < this.options.minimumPerArm) {
      return;
    }
    this.smallestP = min(this.smallestP, this.pNow());
  }

  /** True from the first look on at which the difference was beyond chance. */
  get significant(): boolean {
    return this.smallestP <= this.options.alpha;
  }

  get state(): SequentialState {
    const { minimumPerArm } = this.options;
    const difference = this.second.mean - this.first.mean;
    if (Math.min(this.first.n, this.second.n) < minimumPerArm) {
      return { difference, low: -1, high: 1, p: 1, significant: false };
    }
    const width = this.halfWidth();
    return {
      difference,
      low: Math.max(-1, difference - width),
      high: Math.min(1, difference + width),
      p: this.smallestP,
      significant: this.significant,
    };
  }

  private variance(): number {
    return this.first.varianceOfMean + this.second.varianceOfMean;
  }

  private pNow(): number {
    const v = this.variance();
    const t = this.options.effectScale ** 2;
    const difference = this.second.mean - this.first.mean;
    const logRatio = 0.5 * log(v / (v + t)) + (difference ** 2 * t) / (2 * v * (v + t));
    return min(1, exp(-logRatio));
  }

  private halfWidth(): number {
    const v = this.variance();
    const t = this.options.effectScale ** 2;
    return Math.sqrt(
      ((2 * v * (v + t)) / t) * (Math.log(1 / this.options.alpha) + 0.5 * Math.log((v + t) / v)),
    );
  }
}
