/** Complete binary trees of halvings, node i over nodes 2i + 1 and 2i + 2. */
export interface HalfSpaces {
  readonly trees: number;
  readonly depth: number;
  /** Rows of a window. */
  readonly window: number;
  /** Column that each inner node halves, `trees × (2^depth − 1)`. */
  readonly column: Int32Array;
  /** Where it halves it: below goes left. */
  readonly middle: Float64Array;
}

export interface HalfSpaceMasses {
  readonly reference: Float64Array;
  readonly latest: Float64Array;
  readonly filled: number;
}

/** Share of a window below which a node's mass says no more when halved again (the paper's size limit). */
const leastShare = 0.1;

/** Counts rows in the half-spaces, window after window. */
export class HalfSpaceForest {
  private reference: Float64Array;
  private latest: Float64Array;
  private filled: number;
  private readonly nodes: number;
  private readonly inner: number;

  constructor(
    private readonly spaces: HalfSpaces,
    masses?: HalfSpaceMasses,
  ) {
    this.nodes = 2 ** (spaces.depth + 1) - 1;
    this.inner = 2 ** spaces.depth - 1;
    this.reference = masses?.reference.slice() ?? new Float64Array(spaces.trees * this.nodes);
    this.latest = masses?.latest.slice() ?? new Float64Array(spaces.trees * this.nodes);
    this.filled = masses?.filled ?? 0;
  }

  masses(): HalfSpaceMasses {
    return { reference: this.reference, latest: this.latest, filled: this.filled };
  }

  /**
   * 1 / (1 + density), where 1 is the density of rows spread evenly over the box of a tree: the mass that the last
   * window left where the row comes to rest, times two for each halving on the way.
   */
  update(row: Float32Array): number {
    const { trees, depth, window, column, middle } = this.spaces;
    const limit = leastShare * window;
    let density = 0;
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * this.nodes;
      const cuts = tree * this.inner;
      let node = 0;
      let resting = false;
      for (let level = 0; ; level++) {
        this.latest[first + node]!++;
        const mass = this.reference[first + node]!;
        if (!resting && (mass < limit || level === depth)) {
          density += mass * 2 ** level;
          resting = true;
        }
        if (level === depth) break;
        node = 2 * node + (row[column[cuts + node]!]! < middle[cuts + node]! ? 1 : 2);
      }
    }
    this.turn();
    return 1 / (1 + density / (trees * window));
  }

  /** Counts a row without scoring it. */
  learn(row: Float32Array): void {
    this.update(row);
  }

  /** For each column, by how much its halvings on the row's ways left less than half the mass, as a binary logarithm. */
  explain(row: Float32Array): Float64Array {
    const { trees, depth, window, column, middle } = this.spaces;
    const losses = new Float64Array(row.length);
    for (let tree = 0; tree < trees; tree++) {
      const first = tree * this.nodes;
      const cuts = tree * this.inner;
      let node = 0;
      for (let level = 0; level < depth; level++) {
        const mass = this.reference[first + node]!;
        if (mass < leastShare * window) break;
        const k = column[cuts + node]!;
        node = 2 * node + (row[k]! < middle[cuts + node]! ? 1 : 2);
        const kept = this.reference[first + node]!;
        losses[k]! += Math.max(0, Math.log2((mass / 2 + 1) / (kept + 1))) / trees;
      }
    }
    return losses;
  }

  /** A full window becomes the reference. */
  private turn(): void {
    this.filled++;
    if (this.filled < this.spaces.window) return;
    const before = this.reference;
    this.reference = this.latest;
    this.latest = before.fill(0);
    this.filled = 0;
  }
}
