/** Positions by reach, and by row among equals: a binary heap whose entries may rise. */
export class PositionHeap {
  private readonly entries: number[] = [];
  /** Index of each position among the entries, −1 outside. */
  private readonly indexOf: Int32Array;

  constructor(
    private readonly order: Int32Array,
    private readonly reach: Float64Array,
  ) {
    this.indexOf = new Int32Array(order.length).fill(-1);
  }

  /** Adds a position, or moves it up after its reach fell. */
  raise(position: number): void {
    if (this.indexOf[position]! < 0) this.indexOf[position] = this.entries.push(position) - 1;
    let at = this.indexOf[position]!;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.isBefore(position, this.entries[above]!)) break;
      this.put(this.entries[above]!, at);
      at = above;
    }
    this.put(position, at);
  }

  /** Takes out the first position; there must be one. */
  pop(): number {
    const { entries } = this;
    const first = entries[0]!;
    this.indexOf[first] = -1;
    const last = entries.pop()!;
    if (entries.length === 0) return first;
    let at = 0;
    for (let child = 1; child < entries.length; child = 2 * at + 1) {
      if (child + 1 < entries.length && this.isBefore(entries[child + 1]!, entries[child]!)) child++;
      if (!this.isBefore(entries[child]!, last)) break;
      this.put(entries[child]!, at);
      at = child;
    }
    this.put(last, at);
    return first;
  }

  private put(position: number, at: number): void {
    this.entries[at] = position;
    this.indexOf[position] = at;
  }

  private isBefore(a: number, b: number): boolean {
    const { reach, order } = this;
    return reach[a]! < reach[b]! || (reach[a] === reach[b] && order[a]! < order[b]!);
  }
}
