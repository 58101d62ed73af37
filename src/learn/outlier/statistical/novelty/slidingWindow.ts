/** Mean and least of the last `length` values (of fewer at the beginning). */
export class SlidingWindow {
  private readonly values: Float64Array;
  /** Numbers of the values that may yet become the least, ascending in value; a ring. */
  private readonly candidates: Int32Array;
  private first = 0;
  private count = 0;
  private seen = 0;
  private sum = 0;

  constructor(readonly length: number) {
    this.values = new Float64Array(length);
    this.candidates = new Int32Array(length);
  }

  add(value: number): void {
    const { length, values, candidates } = this;
    const at = this.seen % length;
    this.sum += value - (this.seen >= length ? values[at]! : 0);
    if (this.count > 0 && candidates[this.first]! <= this.seen - length) {
      this.first = (this.first + 1) % length;
      this.count--;
    }
    values[at] = value;
    while (this.count > 0 && values[this.lastCandidate() % length]! >= value) this.count--;
    candidates[(this.first + this.count) % length] = this.seen;
    this.count++;
    this.seen++;
    // Differences drift by rounding; once a window the sum is taken from the values.
    if (at === length - 1) this.sum = values.reduce((total, one) => total + one, 0);
  }

  get mean(): number {
    return this.sum / Math.min(this.seen, this.length);
  }

  get least(): number {
    return this.values[this.candidates[this.first]! % this.length]!;
  }

  copy(): SlidingWindow {
    const twin = new SlidingWindow(this.length);
    twin.values.set(this.values);
    twin.candidates.set(this.candidates);
    twin.first = this.first;
    twin.count = this.count;
    twin.seen = this.seen;
    twin.sum = this.sum;
    return twin;
  }

  private lastCandidate(): number {
    return this.candidates[(this.first + this.count - 1) % this.length]!;
  }
}
