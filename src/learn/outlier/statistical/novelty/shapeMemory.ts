/**
 * Past windows of a series, each told by the means of its pieces, and how far the present window is from the nearest
 * of them. The latest windows, which overlap the present one, wait before they count.
 */
export class ShapeMemory {
  private readonly kept: Float64Array;
  private readonly waiting: Float64Array;
  private readonly present: Float64Array;
  private readonly nearest: Float64Array;
  private readonly values: Float64Array;
  private seen = 0;
  private taken = 0;
  private readonly sums: Float64Array;

  /**
   * @param pieces pieces of a window.
   * @param pieceLength values of a piece.
   * @param capacity windows kept.
   */
  constructor(
    private readonly pieces: number,
    private readonly pieceLength: number,
    private readonly capacity: number,
    private readonly neighbors: number,
  ) {
    this.kept = new Float64Array(capacity * pieces);
    this.waiting = new Float64Array(windowsThatOverlap(pieces) * pieces);
    this.present = new Float64Array(pieces);
    this.sums = new Float64Array(pieces);
    this.nearest = new Float64Array(neighbors);
    this.values = new Float64Array(pieces * pieceLength);
  }

  /** Takes the next value in; the mean distance to the nearest past windows, 0 while there are too few. */
  step(value: number): number {
    this.slide(value);
    if (this.seen < this.values.length) return 0;
    for (let piece = 0; piece < this.pieces; piece++)
      this.present[piece] = this.sums[piece]! / this.pieceLength;
    const distance = this.distance();
    if (this.seen % Math.max(1, this.pieceLength >> 1) === 0) this.remember();
    return distance;
  }

  copy(): ShapeMemory {
    const twin = new ShapeMemory(this.pieces, this.pieceLength, this.capacity, this.neighbors);
    twin.kept.set(this.kept);
    twin.waiting.set(this.waiting);
    twin.sums.set(this.sums);
    twin.values.set(this.values);
    twin.seen = this.seen;
    twin.taken = this.taken;
    return twin;
  }

  /** Each piece hands its oldest value on to the piece before it. */
  private slide(value: number): void {
    const { values, pieces, pieceLength, sums } = this;
    const length = values.length;
    const head = this.seen % length;
    let incoming = value;
    for (let piece = pieces - 1; piece >= 0; piece--) {
      // The value that is `pieces − piece` piece lengths old leaves this piece.
      const age = (pieces - piece) * pieceLength;
      const outgoing = this.seen >= age ? values[(head - age + 2 * length) % length]! : 0;
      sums[piece]! += incoming - outgoing;
      incoming = outgoing;
    }
    values[head] = value;
    this.seen++;
    if (head === length - 1) this.sumAnew();
  }

  /** Differences of sums drift by rounding; once a window they are taken from the values. */
  private sumAnew(): void {
    this.sums.fill(0);
    this.values.forEach((value, at) => (this.sums[Math.floor(at / this.pieceLength)]! += value));
  }

  private distance(): number {
    const { kept, present, pieces, nearest, neighbors } = this;
    const windows = Math.min(this.capacity, Math.max(0, this.taken - windowsThatOverlap(pieces)));
    if (windows < neighbors) return 0;
    nearest.fill(Infinity);
    for (let window = 0; window < windows; window++) {
      const limit = nearest[neighbors - 1]!;
      let square = 0;
      for (let piece = 0, at = window * pieces; piece < pieces && square < limit; piece++, at++) {
        const difference = kept[at]! - present[piece]!;
        square += difference * difference;
      }
      if (square >= limit) continue;
      let place = neighbors - 1;
      for (; place > 0 && nearest[place - 1]! > square; place--) nearest[place] = nearest[place - 1]!;
      nearest[place] = square;
    }
    let sum = 0;
    for (let at = 0; at < neighbors; at++) sum += Math.sqrt(nearest[at]!);
    return sum / neighbors;
  }

  private remember(): void {
    const { pieces, waiting, kept, capacity } = this;
    const delay = windowsThatOverlap(pieces);
    const slot = (this.taken % delay) * pieces;
    if (this.taken >= delay) {
      const target = ((this.taken - delay) % capacity) * pieces;
      kept.set(waiting.subarray(slot, slot + pieces), target);
    }
    waiting.set(this.present, slot);
    this.taken++;
  }
}

/** Windows begin every half piece. */
function windowsThatOverlap(pieces: number): number {
  return 2 * pieces;
}
