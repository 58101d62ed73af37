import type { AgglomerativeOptions } from './agglomerative';
import { pairIndex } from './pairDistances';

export interface FoundJoins {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly heights: readonly number[];
}

/** Follows nearest neighbours until two are each other's nearest, and joins those. */
export class NeighborChain {
  private readonly chain: number[] = [];
  /** Rows in the group that each slot holds; 0 once the slot has been joined away. */
  private readonly sizes: Int32Array;
  private readonly first: number[] = [];
  private readonly second: number[] = [];
  private readonly heights: number[] = [];

  constructor(
    private readonly n: number,
    private readonly pairs: Float64Array,
    private readonly linkage: AgglomerativeOptions['linkage'],
  ) {
    this.sizes = new Int32Array(n).fill(1);
  }

  join(): void {
    const { chain, sizes, n, pairs } = this;
    if (chain.length === 0) chain.push(sizes.findIndex((size) => size > 0));
    for (;;) {
      const end = chain.at(-1)!;
      const before = chain.at(-2);
      // The one before wins ties, so that the chain ends.
      let nearest = before ?? -1;
      let least = before === undefined ? Infinity : pairs[pairIndex(n, end, before)]!;
      for (let other = 0; other < n; other++) {
        if (sizes[other] === 0 || other === end) continue;
        const distance = pairs[pairIndex(n, end, other)]!;
        if (distance < least) {
          least = distance;
          nearest = other;
        }
      }
      if (nearest === before) {
        chain.length -= 2;
        this.merge(end, nearest, least);
        return;
      }
      chain.push(nearest);
    }
  }

  private merge(a: number, b: number, height: number): void {
    const { sizes, n, pairs } = this;
    const sizeA = sizes[a]!;
    const sizeB = sizes[b]!;
    for (let other = 0; other < n; other++) {
      const size = sizes[other]!;
      if (size === 0 || other === a || other === b) continue;
      const toA = pairs[pairIndex(n, a, other)]!;
      const at = pairIndex(n, b, other);
      pairs[at] = this.distanceToJoin(toA, pairs[at]!, height, sizeA, sizeB, size);
    }
    sizes[a] = 0;
    sizes[b] = sizeA + sizeB;
    this.first.push(a);
    this.second.push(b);
    this.heights.push(height);
  }

  private distanceToJoin(
    toA: number,
    toB: number,
    height: number,
    sizeA: number,
    sizeB: number,
    size: number,
  ): number {
    if (this.linkage === 'complete') return Math.max(toA, toB);
    if (this.linkage === 'average') return (sizeA * toA + sizeB * toB) / (sizeA + sizeB);
    const sum = (size + sizeA) * toA ** 2 + (size + sizeB) * toB ** 2 - size * height ** 2;
    return Math.sqrt(Math.max(0, sum / (size + sizeA + sizeB)));
  }

  /** Joins so far, in the order found: groups as slots, a joined away into b. */
  found(): FoundJoins {
    return { first: this.first, second: this.second, heights: this.heights };
  }
}
