/** Sets that only ever join (Tarjan 1975), with path halving. */
export class DisjointSets {
  private readonly parent: Int32Array;

  constructor(size: number) {
    this.parent = Int32Array.from({ length: size }, (_, item) => item);
  }

  /** The item that stands for the set of `item`. */
  find(item: number): number {
    const { parent } = this;
    let root = item;
    while (parent[root] !== root) {
      parent[root] = parent[parent[root]!]!;
      root = parent[root]!;
    }
    return root;
  }

  /** Joins the set that `other` stands for to the one that `root` stands for. */
  joinInto(root: number, other: number): void {
    this.parent[other] = root;
  }
}
