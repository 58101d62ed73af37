import type { Random } from '../../../contracts';

/** A node's record, in four-byte words; its bounding box follows: lowest values, then highest, each padded to four. */
const leftWord = 0;
const rightWord = 1;
const parentWord = 2;
/** Points below the node; at a leaf, how many equal ones it stands for. */
const countWord = 3;
const cutColumnWord = 4;
/** In doubles. */
const cutValueDouble = 3;
/** Sum of the sides of the box. */
const sideDouble = 4;
const boxWord = 12;
/** The root, one up so that 0 stands for an empty tree, and how many nodes are in use. */
const headerWords = 4;

/** Words of a point as the kernel reads it. */
export function paddedWidth(d: number): number {
  return Math.ceil(d / 4) * 4;
}

/** Byte of a tree at which its records begin. */
export function recordsAt(capacity: number): number {
  return 4 * (headerWords + paddedWidth(2 * capacity - 1));
}

/**
 * A random cut tree (Guha et al. 2016): each node cuts its bounding box at a random place, columns in proportion
 * to their sides. Inserting and removing points keep exactly the distribution that a fresh tree over the same
 * points would have. All memory is taken at the start.
 */
export class RandomCutTree {
  private readonly words: Int32Array;
  private readonly floats: Float32Array;
  private readonly doubles: Float64Array;
  private readonly width: number;
  private readonly stride: number;
  private readonly firstRecord: number;

  /** A tree of up to `capacity` points in its part of `memory`: empty where that is zero, else as it was left. */
  constructor(
    private readonly d: number,
    capacity: number,
    memory: ArrayBuffer,
    offset: number,
  ) {
    const bytes = RandomCutTree.bytesFor(d, capacity);
    this.words = new Int32Array(memory, offset, bytes / 4);
    this.floats = new Float32Array(memory, offset, bytes / 4);
    this.doubles = new Float64Array(memory, offset, bytes / 8);
    this.width = paddedWidth(d);
    this.stride = boxWord + 2 * this.width;
    this.firstRecord = recordsAt(capacity) / 4;
    if (this.words[1] === 0) {
      for (let node = 0; node < 2 * capacity - 1; node++) this.words[headerWords + node] = node;
    }
  }

  static bytesFor(d: number, capacity: number): number {
    return recordsAt(capacity) + (2 * capacity - 1) * 4 * (boxWord + 2 * paddedWidth(d));
  }

  /** −1 when the tree is empty. */
  get root(): number {
    return this.words[0]! - 1;
  }

  /** −1 at a leaf. */
  left(node: number): number {
    return this.words[this.at(node) + leftWord]!;
  }

  right(node: number): number {
    return this.words[this.at(node) + rightWord]!;
  }

  /** −1 at the root. */
  parent(node: number): number {
    return this.words[this.at(node) + parentWord]!;
  }

  count(node: number): number {
    return this.words[this.at(node) + countWord]!;
  }

  /** Word at which a node's record begins. */
  private at(node: number): number {
    return this.firstRecord + node * this.stride;
  }

  /** Returns the point's leaf, which equal points share. */
  insert(point: Float32Array, random: Random): number {
    if (this.root < 0) {
      const leaf = this.newLeaf(point, -1);
      this.setRoot(leaf);
      return leaf;
    }
    let node = this.root;
    for (;;) {
      const reach = this.reachBeyond(node, point);
      if (reach === 0 && this.left(node) < 0) {
        this.addToCount(node, 1);
        this.countUp(this.parent(node), 1);
        return node;
      }
      if (this.drawCut(node, point, reach, random)) return this.split(node, point);
      node =
        point[this.words[this.at(node) + cutColumnWord]!]! <=
        this.doubles[this.at(node) / 2 + cutValueDouble]!
          ? this.left(node)
          : this.right(node);
    }
  }

  /** Takes one point away from a leaf. */
  remove(leaf: number): void {
    if (this.count(leaf) > 1) {
      this.addToCount(leaf, -1);
      this.countUp(this.parent(leaf), -1);
      return;
    }
    const parent = this.parent(leaf);
    this.release(leaf);
    if (parent < 0) {
      this.setRoot(-1);
      return;
    }
    const sibling = this.left(parent) === leaf ? this.right(parent) : this.left(parent);
    const above = this.parent(parent);
    this.set(sibling, parentWord, above);
    if (above < 0) this.setRoot(sibling);
    else if (this.left(above) === parent) this.set(above, leftWord, sibling);
    else this.set(above, rightWord, sibling);
    this.release(parent);
    this.countUp(above, -1);
    // A box that is as it was leaves those around it as they were.
    for (let node = above; node >= 0 && this.fitBox(node); node = this.parent(node));
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
        const separated = reached * (reach / (reach + this.doubles[this.at(node) / 2 + sideDouble]!));
        const value = separated * Math.max(displaced, this.count(node));
        expected += value;
        if (shares) this.share(node, point, value / reach, shares);
        reached -= separated;
      }
      if (this.left(node) < 0) {
        // An equal point is there already; both would leave together.
        return expected + (reach === 0 ? reached * displaced : 0);
      }
      if (reached < negligible) return expected;
      const goesLeft =
        point[this.words[this.at(node) + cutColumnWord]!]! <=
        this.doubles[this.at(node) / 2 + cutValueDouble]!;
      const child = goesLeft ? this.left(node) : this.right(node);
      const sibling = goesLeft ? this.right(node) : this.left(node);
      displaced = Math.max(displaced, this.count(sibling) / (this.count(child) + 1));
      node = child;
    }
  }

  /** CoDisp of a leaf that is in the tree: over the groups around it, the points beside each per point in it. */
  displacement(leaf: number): number {
    let most = 0;
    for (let node = leaf, above = this.parent(leaf); above >= 0; node = above, above = this.parent(above)) {
      const sibling = this.left(above) === node ? this.right(above) : this.left(above);
      most = Math.max(most, this.count(sibling) / this.count(node));
    }
    return most;
  }

  /** How far the point lies outside a node's box, summed over the columns. */
  private reachBeyond(node: number, point: Float32Array): number {
    const { floats, width, d } = this;
    let reach = 0;
    for (let column = 0, at = this.at(node) + boxWord; column < d; column++, at++) {
      const value = point[column]!;
      // Without branches, which noise would have the processor guess wrong.
      reach += Math.max(floats[at]! - value, value - floats[at + width]!, 0);
    }
    return reach;
  }

  private measureSide(node: number): void {
    const { floats, width, d } = this;
    let sum = 0;
    const first = this.at(node) + boxWord;
    for (let at = first, end = first + d; at < end; at++) sum += floats[at + width]! - floats[at]!;
    this.doubles[this.at(node) / 2 + sideDouble] = sum;
  }

  private share(node: number, point: Float32Array, perUnit: number, shares: Float64Array): void {
    const { floats, width, d } = this;
    for (let column = 0, at = this.at(node) + boxWord; column < d; column++, at++) {
      const value = point[column]!;
      shares[column]! += Math.max(floats[at]! - value, value - floats[at + width]!, 0) * perUnit;
    }
  }

  private drawnColumn = 0;
  private drawnValue = 0;

  /** Draws a cut of the box stretched to the point; whether it parts the point from the box. */
  private drawCut(node: number, point: Float32Array, reach: number, random: Random): boolean {
    if (reach === 0) return false;
    const { floats, width, d } = this;
    const first = this.at(node) + boxWord;
    let left = random.next() * (reach + this.doubles[this.at(node) / 2 + sideDouble]!);
    for (let column = 0, at = first; column < d; column++, at++) {
      const value = point[column]!;
      const from = Math.min(value, floats[at]!);
      const length = Math.max(value, floats[at + width]!) - from;
      if (length === 0) continue;
      // Rounding may leave a rest after the last column, which then takes it.
      this.drawnColumn = column;
      this.drawnValue = from + Math.min(left, length);
      if (left < length) break;
      left -= length;
    }
    const at = first + this.drawnColumn;
    const value = point[this.drawnColumn]!;
    const high = floats[at + width]!;
    if (value > high) {
      if (this.drawnValue >= value) this.drawnValue = high;
      return this.drawnValue >= high;
    }
    return value < floats[at]! && this.drawnValue < floats[at]!;
  }

  /** Puts a new node with the drawn cut above `node`, the point as its other child. */
  private split(node: number, point: Float32Array): number {
    const above = this.parent(node);
    const branch = this.take();
    const leaf = this.newLeaf(point, branch);
    const pointLeft = point[this.drawnColumn]! <= this.drawnValue;
    this.set(branch, cutColumnWord, this.drawnColumn);
    this.doubles[this.at(branch) / 2 + cutValueDouble] = this.drawnValue;
    this.set(branch, leftWord, pointLeft ? leaf : node);
    this.set(branch, rightWord, pointLeft ? node : leaf);
    this.set(branch, parentWord, above);
    this.set(node, parentWord, branch);
    this.set(branch, countWord, this.count(node) + 1);
    if (above < 0) this.setRoot(branch);
    else if (this.left(above) === node) this.set(above, leftWord, branch);
    else this.set(above, rightWord, branch);
    this.fitBox(branch);
    this.measureSide(branch);
    this.countUp(above, 1);
    for (let up = above; up >= 0 && this.stretchBox(up, point); up = this.parent(up));
    return leaf;
  }

  private newLeaf(point: Float32Array, parent: number): number {
    const leaf = this.take();
    this.set(leaf, leftWord, -1);
    this.set(leaf, rightWord, -1);
    this.set(leaf, parentWord, parent);
    this.set(leaf, countWord, 1);
    const box = this.at(leaf) + boxWord;
    this.floats.set(point, box);
    this.floats.set(point, box + this.width);
    this.doubles[this.at(leaf) / 2 + sideDouble] = 0;
    return leaf;
  }

  private take(): number {
    return this.words[headerWords + this.words[1]!++]!;
  }

  private release(node: number): void {
    this.words[headerWords + --this.words[1]!] = node;
  }

  private setRoot(node: number): void {
    this.words[0] = node + 1;
  }

  private set(node: number, word: number, value: number): void {
    this.words[this.at(node) + word] = value;
  }

  private addToCount(node: number, by: number): void {
    this.words[this.at(node) + countWord]! += by;
  }

  private countUp(from: number, by: number): void {
    for (let node = from; node >= 0; node = this.parent(node)) this.addToCount(node, by);
  }

  /** Whether the box had to grow. */
  private stretchBox(node: number, point: Float32Array): boolean {
    if (this.reachBeyond(node, point) === 0) return false;
    const { floats, width, d } = this;
    for (let column = 0, at = this.at(node) + boxWord; column < d; column++, at++) {
      const value = point[column]!;
      if (value < floats[at]!) floats[at] = value;
      if (value > floats[at + width]!) floats[at + width] = value;
    }
    this.measureSide(node);
    return true;
  }

  /** Fits a box to those of the children; whether it changed. */
  private fitBox(node: number): boolean {
    const { floats, width, d } = this;
    let one = this.at(this.left(node)) + boxWord;
    let other = this.at(this.right(node)) + boxWord;
    const first = this.at(node) + boxWord;
    let changed = false;
    for (let at = first, end = first + d; at < end; at++, one++, other++) {
      const low = Math.min(floats[one]!, floats[other]!);
      const high = Math.max(floats[one + width]!, floats[other + width]!);
      if (low === floats[at] && high === floats[at + width]) continue;
      floats[at] = low;
      floats[at + width] = high;
      changed = true;
    }
    if (changed) this.measureSide(node);
    return changed;
  }
}

/** Chance below which what is left of an expectation does not matter. */
const negligible = 1e-5;
