/**
 * Disjoint sets (union by size, halving paths) that refuse to join what must stay apart. Marks are small numbers that
 * items carry; two marks that exclude each other never get into one set.
 */
export class JoiningSets {
  private readonly parent: Int32Array;
  private readonly size: Int32Array;
  private readonly marks = new Map<number, Set<number>>();
  private readonly excluded = new Map<number, Set<number>>();

  constructor(count: number) {
    this.parent = Int32Array.from({ length: count }, (_, index) => index);
    this.size = new Int32Array(count).fill(1);
  }

  find(item: number): number {
    let at = item;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]!]!;
      at = this.parent[at]!;
    }
    return at;
  }

  mark(item: number, mark: number): void {
    const root = this.find(item);
    const known = this.marks.get(root);
    if (known) known.add(mark);
    else this.marks.set(root, new Set([mark]));
  }

  exclude(a: number, b: number): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const known = this.excluded.get(from);
      if (known) known.add(to);
      else this.excluded.set(from, new Set([to]));
    }
  }

  /** @returns 'joined', 'together' when they were already, or 'apart' when they must not be. */
  join(a: number, b: number): 'joined' | 'together' | 'apart' {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return 'together';
    if (this.mustStayApart(large, small)) return 'apart';
    if (this.size[large]! < this.size[small]! || (this.size[large] === this.size[small] && small < large)) {
      [large, small] = [small, large];
    }
    this.parent[small] = large;
    this.size[large]! += this.size[small]!;
    const moved = this.marks.get(small);
    if (moved) {
      const known = this.marks.get(large);
      if (known === undefined) this.marks.set(large, moved);
      else this.marks.set(large, known.size < moved.size ? merge(moved, known) : merge(known, moved));
      this.marks.delete(small);
    }
    return 'joined';
  }

  private mustStayApart(a: number, b: number): boolean {
    let [few, many] = [this.marks.get(a), this.marks.get(b)];
    if (few === undefined || many === undefined) return false;
    if (few.size > many.size) [few, many] = [many, few];
    for (const mark of few) {
      const foes = this.excluded.get(mark);
      if (foes === undefined) continue;
      const [shorter, longer] = foes.size < many.size ? [foes, many] : [many, foes];
      for (const foe of shorter) if (longer.has(foe)) return true;
    }
    return false;
  }
}

function merge(into: Set<number>, from: Set<number>): Set<number> {
  for (const mark of from) into.add(mark);
  return into;
}
