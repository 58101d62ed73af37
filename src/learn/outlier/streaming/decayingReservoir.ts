import type { Random } from '../../../contracts';

/**
 * A sample of a stream in which later items are likelier, by a factor of e every 1 / `decay` items (weighted
 * reservoir sampling of Efraimidis and Spirakis 2006, on a logarithmic scale so that weights never overflow).
 * Items are kept by slot; what a slot holds is the caller's.
 */
export class DecayingReservoir {
  /** A heap, the item to go next at the front: keys and the slots they belong to. */
  private readonly keys: Float64Array;
  private readonly slots: Int32Array;
  /** Items kept, and items seen. */
  private readonly counts: Float64Array;

  /** In its part of `memory`: empty where that is zero, else as it was left. */
  constructor(
    readonly capacity: number,
    private readonly decay: number,
    memory: ArrayBuffer,
    offset: number,
  ) {
    this.counts = new Float64Array(memory, offset, 2);
    this.keys = new Float64Array(memory, offset + 16, capacity);
    this.slots = new Int32Array(memory, offset + 16 + capacity * 8, capacity);
  }

  static bytesFor(capacity: number): number {
    return 16 + capacity * 8 + Math.ceil(capacity / 2) * 8;
  }

  get size(): number {
    return this.counts[0]!;
  }

  /** Slot that the next item takes (an item that was in it is then out), or −1 when the item is not sampled. */
  offer(random: Random): number {
    // log(−log u) of a uniform u, less the item's log weight: the smallest keys stay.
    const key =
      Math.log(-Math.log(Math.max(random.next(), Number.MIN_VALUE))) - this.decay * this.counts[1]!++;
    if (this.size < this.capacity) {
      const slot = this.counts[0]!++;
      this.rise(slot, key, slot);
      return slot;
    }
    if (key >= this.keys[0]!) return -1;
    const slot = this.slots[0]!;
    this.sink(key, slot);
    return slot;
  }

  private rise(from: number, key: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.keys[above]! >= key) break;
      this.put(at, this.keys[above]!, this.slots[above]!);
      at = above;
    }
    this.put(at, key, slot);
  }

  private sink(key: number, slot: number): void {
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= this.size) break;
      if (below + 1 < this.size && this.keys[below + 1]! > this.keys[below]!) below++;
      if (this.keys[below]! <= key) break;
      this.put(at, this.keys[below]!, this.slots[below]!);
      at = below;
    }
    this.put(at, key, slot);
  }

  private put(at: number, key: number, slot: number): void {
    this.keys[at] = key;
    this.slots[at] = slot;
  }
}
