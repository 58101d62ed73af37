import type { Random } from '../../../contracts';

/**
 * A random cut tree (Guha et al. 2016): each node cuts its bounding box at a random place, columns in proportion
 * to their sides. Inserting and removing points keep exactly the distribution that a fresh tree over the same
 * points would have. All memory is taken at the start.
 */
export class RandomCutTree {
  /** Points below a node; at a leaf, how many equal ones it stands for. */
  readonly count: Int32Array;
  /** Children; −1 at a leaf. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly parent: Int32Array;
  private readonly cutColumn: Int32Array;
  private readonly cutValue: Float64Array;
  /** Bounding boxes, `nodes × d` pairs of lowest and highest, side by side for the cache; at a leaf both are its point. */
  private readonly box: Float32Array;
  /** Sum of the sides of each box. */
  private readonly side: Float64Array;
  private readonly free: Int32Array;
  /** The root, one up so that 0 stands for an empty tree, and how many nodes are in use. */
  private readonly header: Int32Array;

  /** A tree of up to `capacity` points in its part of `memory`: empty where that is zero, else as it was left. */
  constructor(
    private readonly d: number,
    capacity: number,
    memory: ArrayBuffer,
    offset: number,
  ) {
    const nodes = 2 * capacity - 1;
    let at = offset;
    const take = (length: number, width: number): number => {
      const start = at;
      at += padded(length * width);
      return start;
    };
    const integers = (length: number): Int32Array => new Int32Array(memory, take(length, 4), length);
    this.cutValue = new Float64Array(memory, take(nodes, 8), nodes);
    this.side = new Float64Array(memory, take(nodes, 8), nodes);
    this.box = new Float32Array(memory, take(2 * nodes * d, 4), 2 * nodes * d);
    this.count = integers(nodes);
    this.left = integers(nodes);
    this.right = integers(nodes);
    this.parent = integers(nodes);
    this.cutColumn = integers(nodes);
    this.free = integers(nodes);
    this.header = integers(2);
    if (this.header[1] === 0) this.free.forEach((_, node) => (this.free[node] = node));
  }

  static bytesFor(d: number, capacity: number): number {
    const nodes = 2 * capacity - 1;
    return 2 * padded(nodes * 8) + padded(2 * nodes * d * 4) + 6 * padded(nodes * 4) + padded(8);
  }

  /** −1 when the tree is empty. */
  get root(): number {
    return this.header[0]! - 1;
  }

  private set root(node: number) {
    this.header[0] = node + 1;
  }

  /** Returns the point's leaf, which equal points share. */
  insert(point: Float32Array, random: Random): number {
    if (this.root < 0) {
      this.root = this.newLeaf(point, -1);
      return this.root;
    }
    let node = this.root;
    for (;;) {
      const reach = this.reachBeyond(node, point);
      if (reach === 0 && this.left[node]! < 0) {
        this.count[node]!++;
        this.countUp(this.parent[node]!, 1);
        return node;
      }
      if (this.drawCut(node, point, reach, random)) return this.split(node, point);
      node = point[this.cutColumn[node]!]! <= this.cutValue[node]! ? this.left[node]! : this.right[node]!;
    }
  }

  /** Takes one point away from a leaf. */
  remove(leaf: number): void {
    if (this.count[leaf]! > 1) {
      this.count[leaf]!--;
      this.countUp(this.parent[leaf]!, -1);
      return;
    }
    const parent = this.parent[leaf]!;
    this.release(leaf);
    if (parent < 0) {
      this.root = -1;
      return;
    }
    const sibling = this.left[parent] === leaf ? this.right[parent]! : this.left[parent]!;
    const above = this.parent[parent]!;
    this.parent[sibling] = above;
    if (above < 0) this.root = sibling;
    else if (this.left[above] === parent) this.left[above] = sibling;
    else this.right[above] = sibling;
    this.release(parent);
    this.countUp(above, -1);
    for (let node = above; node >= 0; node = this.parent[node]!) this.fitBox(node);
  }

  /**
   * The displacement that inserting `point` would cause, maximised over the groups that could leave with it
   * (CoDisp), in expectation over the cut that sets it apart; the tree stays as it is. Adds each column's share,
   * by which of them the cut would be in, to `shares` when given.
   */
  expectedDisplacement(point: Float32Array, shares?: Float64Array): number {
    let node = this.root;
    if (node < 0) return 0;
    let expected = 0;
    let reached = 1;
    // Highest ratio so far of a sibling's points to those that would leave, the point among them.
    let displaced = 0;
    for (;;) {
      const reach = this.reachBeyond(node, point);
      if (reach > 0) {
        const separated = reached * (reach / (reach + this.side[node]!));
        const value = separated * Math.max(displaced, this.count[node]!);
        expected += value;
        if (shares) this.share(node, point, value / reach, shares);
        reached -= separated;
      }
      if (this.left[node]! < 0) {
        // An equal point is there already; both would leave together.
        return expected + (reach === 0 ? reached * displaced : 0);
      }
      if (reached < negligible) return expected;
      const goesLeft = point[this.cutColumn[node]!]! <= this.cutValue[node]!;
      const child = goesLeft ? this.left[node]! : this.right[node]!;
      const sibling = goesLeft ? this.right[node]! : this.left[node]!;
      displaced = Math.max(displaced, this.count[sibling]! / (this.count[child]! + 1));
      node = child;
    }
  }

  /** CoDisp of a leaf that is in the tree: over the groups around it, the points beside each per point in it. */
  displacement(leaf: number): number {
    let most = 0;
    for (let node = leaf, above = this.parent[leaf]!; above >= 0; node = above, above = this.parent[above]!) {
      const sibling = this.left[above] === node ? this.right[above]! : this.left[above]!;
      most = Math.max(most, this.count[sibling]! / this.count[node]!);
    }
    return most;
  }

  /** How far the point lies outside a node's box, summed over the columns. */
  private reachBeyond(node: number, point: Float32Array): number {
    const { box, d } = this;
    let reach = 0;
    for (let column = 0, at = 2 * node * d; column < d; column++, at += 2) {
      const value = point[column]!;
      // Without branches, which noise would have the processor guess wrong.
      reach += Math.max(box[at]! - value, value - box[at + 1]!, 0);
    }
    return reach;
  }

  private measureSide(node: number): void {
    const { box, d } = this;
    let sum = 0;
    for (let at = 2 * node * d, end = at + 2 * d; at < end; at += 2) sum += box[at + 1]! - box[at]!;
    this.side[node] = sum;
  }

  private share(node: number, point: Float32Array, perUnit: number, shares: Float64Array): void {
    const { box, d } = this;
    for (let column = 0, at = 2 * node * d; column < d; column++, at += 2) {
      const value = point[column]!;
      shares[column]! += Math.max(box[at]! - value, value - box[at + 1]!, 0) * perUnit;
    }
  }

  private drawnColumn = 0;
  private drawnValue = 0;

  /** Draws a cut of the box stretched to the point; whether it parts the point from the box. */
  private drawCut(node: number, point: Float32Array, reach: number, random: Random): boolean {
    if (reach === 0) return false;
    const { box, d } = this;
    const first = 2 * node * d;
    let left = random.next() * (reach + this.side[node]!);
    for (let column = 0, at = first; column < d; column++, at += 2) {
      const value = point[column]!;
      const from = Math.min(value, box[at]!);
      const length = Math.max(value, box[at + 1]!) - from;
      if (length === 0) continue;
      // Rounding may leave a rest after the last column, which then takes it.
      this.drawnColumn = column;
      this.drawnValue = from + Math.min(left, length);
      if (left < length) break;
      left -= length;
    }
    const at = first + 2 * this.drawnColumn;
    const value = point[this.drawnColumn]!;
    const high = box[at + 1]!;
    if (value > high) {
      if (this.drawnValue >= value) this.drawnValue = high;
      return this.drawnValue >= high;
    }
    return value < box[at]! && this.drawnValue < box[at]!;
  }

  /** Puts a new node with the drawn cut above `node`, the point as its other child. */
  private split(node: number, point: Float32Array): number {
    const above = this.parent[node]!;
    const branch = this.take();
    const leaf = this.newLeaf(point, branch);
    const pointLeft = point[this.drawnColumn]! <= this.drawnValue;
    this.cutColumn[branch] = this.drawnColumn;
    this.cutValue[branch] = this.drawnValue;
    this.left[branch] = pointLeft ? leaf : node;
    this.right[branch] = pointLeft ? node : leaf;
    this.parent[branch] = above;
    this.parent[node] = branch;
    this.count[branch] = this.count[node]! + 1;
    if (above < 0) this.root = branch;
    else if (this.left[above] === node) this.left[above] = branch;
    else this.right[above] = branch;
    this.fitBox(branch);
    this.countUp(above, 1);
    for (let up = above; up >= 0; up = this.parent[up]!) this.stretchBox(up, point);
    return leaf;
  }

  private newLeaf(point: Float32Array, parent: number): number {
    const leaf = this.take();
    this.left[leaf] = -1;
    this.right[leaf] = -1;
    this.parent[leaf] = parent;
    this.count[leaf] = 1;
    point.forEach((value, column) => {
      this.box[2 * (leaf * this.d + column)] = value;
      this.box[2 * (leaf * this.d + column) + 1] = value;
    });
    this.side[leaf] = 0;
    return leaf;
  }

  private take(): number {
    return this.free[this.header[1]!++]!;
  }

  private release(node: number): void {
    this.free[--this.header[1]!] = node;
  }

  private countUp(from: number, by: number): void {
    for (let node = from; node >= 0; node = this.parent[node]!) this.count[node]! += by;
  }

  private stretchBox(node: number, point: Float32Array): void {
    const { box, d } = this;
    for (let column = 0, at = 2 * node * d; column < d; column++, at += 2) {
      const value = point[column]!;
      if (value < box[at]!) box[at] = value;
      if (value > box[at + 1]!) box[at + 1] = value;
    }
    this.measureSide(node);
  }

  private fitBox(node: number): void {
    const { box, d } = this;
    let one = 2 * this.left[node]! * d;
    let other = 2 * this.right[node]! * d;
    for (let at = 2 * node * d, end = at + 2 * d; at < end; at += 2, one += 2, other += 2) {
      box[at] = Math.min(box[one]!, box[other]!);
      box[at + 1] = Math.max(box[one + 1]!, box[other + 1]!);
    }
    this.measureSide(node);
  }
}

/** Chance below which what is left of an expectation does not matter. */
const negligible = 1e-5;

/** Parts of the memory begin where a double may. */
function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
