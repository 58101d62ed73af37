import { squaredDistance, windowMoments } from './windowStatistics';

/**
 * The left matrix profile one value at a time, in bounded memory: the z-normalised distance of the window that ends
 * with the newest value to the nearest of the windows remembered (after STAMPI, Yeh et al. 2016). An update takes
 * time in proportion to the memory, by the inner products of the update before.
 */
export class LeftProfileStream {
  /** A ring of the last values. */
  private values: Float64Array;
  /** Of the window that ends at each place of the ring. */
  private means: Float64Array;
  private deviations: Float64Array;
  /** Inner product of the newest window with the one that ends at each place. */
  private products: Float64Array;
  /** Squared distances of the newest window to the one that ends at each place. */
  private readonly squares: Float64Array;
  private readonly window: Float64Array;
  private seen = 0;
  /** Number of the first value after the last restart: windows do not reach across. */
  private begun = 0;

  /**
   * @param length values of a window.
   * @param exclusion windows that end less than this before the newest are not compared.
   * @param memory windows remembered.
   * @param passTwin takes the nearest window that does not overlap the nearest, so that an anomaly seen once before is one still.
   * @param center taken from every value, so that the cancellation in inner products stays small.
   */
  constructor(
    private readonly length: number,
    private readonly exclusion: number,
    private readonly memory: number,
    private readonly passTwin: boolean,
    private readonly center: number,
  ) {
    const places = memory + length;
    this.values = new Float64Array(places);
    this.means = new Float64Array(places);
    this.deviations = new Float64Array(places);
    this.products = new Float64Array(places);
    this.squares = new Float64Array(places);
    this.window = new Float64Array(length);
  }

  /** Takes the next value in; 0 while there is no window to compare with. */
  step(value: number): number {
    const { values, length, memory } = this;
    const places = values.length;
    const newest = this.seen % places;
    const leaving = this.at(this.seen - length);
    values[newest] = value - this.center;
    this.seen++;
    this.multiply(newest, leaving);
    if (this.seen - this.begun < length) {
      this.deviations[newest] = NaN;
      return 0;
    }
    for (let at = 0; at < length; at++) this.window[at] = this.at(this.seen - length + at);
    const { mean, deviation } = windowMoments(this.window, 0, length);
    this.means[newest] = mean;
    this.deviations[newest] = deviation;
    const oldest = Math.max(length - 1, this.seen - 1 - memory);
    const latest = this.seen - 1 - this.exclusion;
    let match = -1;
    for (let end = oldest; end <= latest; end++) {
      const place = end % places;
      const square = squaredDistance(
        length,
        this.products[place]!,
        mean,
        deviation,
        this.means[place]!,
        this.deviations[place]!,
      );
      // No number: it would reach across a restart.
      this.squares[place] = Number.isNaN(square) ? Infinity : square;
      if (Number.isNaN(square)) continue;
      if (match < 0 || square < this.squares[match % places]!) match = end;
    }
    if (match < 0) return 0;
    return Math.sqrt(this.passTwin ? this.secondMatch(oldest, latest, match) : this.squares[match % places]!);
  }

  /** Squared distance to the nearest window that does not overlap the nearest. */
  private secondMatch(oldest: number, latest: number, match: number): number {
    let least = Infinity;
    for (let end = oldest; end <= latest; end++) {
      if (Math.abs(end - match) < this.exclusion) continue;
      least = Math.min(least, this.squares[end % this.values.length]!);
    }
    return least === Infinity ? this.squares[match % this.values.length]! : least;
  }

  /** The next value does not follow the last one; windows remembered stay. */
  restart(): void {
    this.begun = this.seen;
  }

  copy(): LeftProfileStream {
    const twin = new LeftProfileStream(this.length, this.exclusion, this.memory, this.passTwin, this.center);
    twin.values = this.values.slice();
    twin.means = this.means.slice();
    twin.deviations = this.deviations.slice();
    twin.products = this.products.slice();
    twin.seen = this.seen;
    twin.begun = this.begun;
    return twin;
  }

  /** Value number `number`, 0 before the first. */
  private at(number: number): number {
    return number < 0 ? 0 : this.values[number % this.values.length]!;
  }

  /** From each inner product of the newest window before, that of the two windows one value on. */
  private multiply(newest: number, leaving: number): void {
    const { products, values, length } = this;
    const last = this.seen - 1;
    const oldest = Math.max(0, last - this.memory);
    const added = values[newest]!;
    // Once around the ring, roundings are left behind.
    const anew = last % this.values.length === 0;
    for (let end = last; end > oldest; end--) {
      const place = end % values.length;
      if (anew) products[place] = this.innerProduct(last, end);
      else {
        const before = products[(end - 1) % values.length]!;
        products[place] = before + added * values[place]! - leaving * this.at(end - length);
      }
    }
    products[oldest % values.length] = this.innerProduct(last, oldest);
  }

  private innerProduct(left: number, right: number): number {
    let sum = 0;
    for (let back = 0; back < this.length; back++) sum += this.at(left - back) * this.at(right - back);
    return sum;
  }
}
