/**
 * The last `capacity` values, kept in order of size besides: how far a value is from those nearest to it takes a
 * binary search, and a value in or out moves a few kilobytes.
 */
export class ValueMemory {
  private readonly sorted: Float64Array;
  private readonly ring: Float64Array;
  private next = 0;
  private held = 0;

  constructor(readonly capacity: number) {
    this.sorted = new Float64Array(capacity);
    this.ring = new Float64Array(capacity);
  }

  get size(): number {
    return this.held;
  }

  add(value: number): void {
    if (this.held === this.capacity) this.removeOldest();
    const at = this.lowerBound(value);
    this.sorted.copyWithin(at + 1, at, this.held);
    this.sorted[at] = value;
    this.held++;
    this.ring[this.next] = value;
    this.next = (this.next + 1) % this.capacity;
  }

  /** Mean distance from `value` to the `neighbors` nearest values; Infinity while there are fewer. */
  distance(value: number, neighbors: number): number {
    if (this.held < neighbors) return Infinity;
    let right = this.lowerBound(value);
    let left = right - 1;
    let sum = 0;
    for (let found = 0; found < neighbors; found++) {
      const toLeft = left >= 0 ? value - this.sorted[left]! : Infinity;
      const toRight = right < this.held ? this.sorted[right]! - value : Infinity;
      if (toLeft <= toRight) {
        sum += toLeft;
        left--;
      } else {
        sum += toRight;
        right++;
      }
    }
    return sum / neighbors;
  }

  copy(): ValueMemory {
    const twin = new ValueMemory(this.capacity);
    twin.sorted.set(this.sorted);
    twin.ring.set(this.ring);
    twin.next = this.next;
    twin.held = this.held;
    return twin;
  }

  private removeOldest(): void {
    const oldest = this.ring[this.next]!;
    const at = this.lowerBound(oldest);
    this.sorted.copyWithin(at, at + 1, this.held);
    this.held--;
  }

  private lowerBound(value: number): number {
    let low = 0;
    let high = this.held;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
