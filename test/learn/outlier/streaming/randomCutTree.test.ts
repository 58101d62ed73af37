import { describe, expect, test } from '@jest/globals';
import { seededRandom, type Random } from '../../../../src/contracts';
import { CutForest } from '../../../../src/learn/outlier/streaming/cutForest';
import { DecayingReservoir } from '../../../../src/learn/outlier/streaming/decayingReservoir';
import { RandomCutTree } from '../../../../src/learn/outlier/streaming/randomCutTree';

const newTree = (d: number, capacity: number): RandomCutTree =>
  new RandomCutTree(d, capacity, new ArrayBuffer(RandomCutTree.bytesFor(d, capacity)), 0);

const draw = (d: number, random: Random): Float32Array =>
  Float32Array.from({ length: d }, () => Math.round(random.normal() * 8) / 8);

/** Depth of every point in the tree below `node`, once for each of equal points, without the leaves in `gone`. */
function depths(
  tree: RandomCutTree,
  node: number,
  gone: ReadonlySet<number>,
): { sum: number; points: number } {
  if (gone.has(node)) return { sum: 0, points: 0 };
  if (tree.left(node) < 0) return { sum: 0, points: tree.count(node) };
  const left = depths(tree, tree.left(node), gone);
  const right = depths(tree, tree.right(node), gone);
  const points = left.points + right.points;
  // A node with only one side left is no step any more.
  const step = left.points > 0 && right.points > 0 ? points : 0;
  return { sum: left.sum + right.sum + step, points };
}

/** CoDisp by its definition: take each group around the leaf away and see by how much the others' depths fall. */
function displacementByRemoval(tree: RandomCutTree, leaf: number): number {
  let most = 0;
  for (let node = leaf; tree.parent(node) >= 0; node = tree.parent(node)) {
    const whole = depths(tree, tree.root, new Set());
    const rest = depths(tree, tree.root, new Set([node]));
    const own = depthWithin(tree, node);
    most = Math.max(most, (whole.sum - own - rest.sum) / tree.count(node));
  }
  return most;
}

/** Sum of the depths, from the root, of the points below `node`. */
function depthWithin(tree: RandomCutTree, node: number): number {
  let above = 0;
  for (let up = tree.parent(node); up >= 0; up = tree.parent(up)) above++;
  return depths(tree, node, new Set()).sum + above * tree.count(node);
}

describe('a random cut tree', () => {
  test('counts its points and bounds them through any order of inserting and removing', () => {
    const random = seededRandom(1);
    const tree = newTree(3, 40);
    const leaves: number[] = [];
    for (let step = 0; step < 2000; step++) {
      if (leaves.length === 40 || (leaves.length > 0 && random.next() < 0.45)) {
        tree.remove(leaves.splice(random.integer(leaves.length), 1)[0]!);
      } else leaves.push(tree.insert(draw(3, random), random));
      expect(tree.root < 0 ? 0 : tree.count(tree.root)).toBe(leaves.length);
      expect(tree.root < 0 ? 0 : depths(tree, tree.root, new Set()).points).toBe(leaves.length);
    }
  });

  test('displaces as many per point as removing every group around a point shows', () => {
    const random = seededRandom(2);
    for (let round = 0; round < 30; round++) {
      const tree = newTree(2, 50);
      const leaves = Array.from({ length: 2 + random.integer(48) }, () =>
        tree.insert(draw(2, random), random),
      );
      for (const leaf of leaves) {
        expect(tree.displacement(leaf)).toBeCloseTo(displacementByRemoval(tree, leaf), 9);
      }
    }
  });

  test('expects the displacement that inserting a point and measuring has on average', () => {
    const random = seededRandom(3);
    const tree = newTree(2, 33);
    for (let point = 0; point < 32; point++) tree.insert(draw(2, random), random);
    for (const query of [
      [0.1, 0.05],
      [5, 5],
      [-1, 2.5],
    ].map((row) => Float32Array.from(row))) {
      const expected = tree.expectedDisplacement(query);
      let sum = 0;
      const rounds = 20_000;
      for (let round = 0; round < rounds; round++) {
        const leaf = tree.insert(query, random);
        sum += displacementByRemoval(tree, leaf);
        tree.remove(leaf);
      }
      expect(Math.abs(sum / rounds - expected) / expected).toBeLessThan(0.03);
    }
  });

  test('after points have gone is as likely as a tree that never had them', () => {
    const random = seededRandom(5);
    const stay = Array.from({ length: 24 }, () => draw(2, random));
    const go = Array.from({ length: 24 }, () => draw(2, random).map((value) => 4 * value + 3));
    const queries = [
      [0.2, -0.1],
      [3, 1],
      [8, -6],
    ].map((row) => Float32Array.from(row));
    const churned = new Float64Array(queries.length);
    const fresh = new Float64Array(queries.length);
    const trees = 3000;
    for (let round = 0; round < trees; round++) {
      const [one, other] = [newTree(2, 48), newTree(2, 48)];
      const leaves = go.map((point, at) => {
        one.insert(stay[at]!, random);
        return one.insert(point, random);
      });
      leaves.forEach((leaf) => one.remove(leaf));
      stay.forEach((point) => other.insert(point, random));
      queries.forEach((query, at) => {
        churned[at]! += one.expectedDisplacement(query) / trees;
        fresh[at]! += other.expectedDisplacement(query) / trees;
      });
    }
    churned.forEach((value, at) => expect(Math.abs(value / fresh[at]! - 1)).toBeLessThan(0.04));
  });

  test('shares the expected displacement out among the columns without rest', () => {
    const random = seededRandom(4);
    const tree = newTree(4, 64);
    for (let point = 0; point < 64; point++) tree.insert(draw(4, random), random);
    const shares = new Float64Array(4);
    const expected = tree.expectedDisplacement(Float32Array.from([0, 9, 0, -2]), shares);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(expected, 6);
    expect(shares[1]).toBeGreaterThan(shares[3]!);
  });
});

describe('a decaying reservoir', () => {
  test('keeps late items more often, by the factor that the decay says', () => {
    const kept = new Float64Array(400);
    const [capacity, decay] = [20, 1 / 100];
    for (let round = 0; round < 2000; round++) {
      const random = seededRandom(round);
      const reservoir = new DecayingReservoir(
        capacity,
        decay,
        new ArrayBuffer(DecayingReservoir.bytesFor(capacity)),
        0,
      );
      const slots = new Int32Array(capacity);
      for (let item = 0; item < kept.length; item++) {
        const slot = reservoir.offer(random);
        if (slot >= 0) slots[slot] = item;
      }
      slots.forEach((item) => kept[item]!++);
    }
    const sum = (from: number, to: number): number => kept.subarray(from, to).reduce((a, b) => a + b, 0);
    // A hundred items apart, e times as likely, less what cannot be sampled twice.
    const ratio = sum(200, 250) / sum(100, 150);
    expect(ratio).toBeGreaterThan(2.4);
    expect(ratio).toBeLessThan(2.9);
  });
});

describe('the kernel', () => {
  test.each([1, 3, 8, 37])('scores points of %d columns as going down the trees does', (d) => {
    const random = seededRandom(6);
    const shape = { d, trees: 1, samples: 100, decay: 1e-3, seed: 9 };
    const forest = new CutForest(shape);
    const tree = newTree(d, 100);
    // With room for all, nothing is drawn but cuts; a forest's first tree draws from this stream.
    const cuts = seededRandom(9).fork(0);
    expect(forest.score(draw(d, random))).toBe(0);
    for (let point = 0; point < 100; point++) {
      const values = draw(d, random);
      forest.insert(values);
      cuts.next();
      tree.insert(values, cuts);
      const query = draw(d, random);
      const expected = tree.expectedDisplacement(query);
      expect(Math.abs(forest.score(query) - expected)).toBeLessThanOrEqual(1e-4 * (1 + expected));
      const shares = forest.explain(query).reduce((sum, share) => sum + share, 0);
      expect(Math.abs(shares - expected)).toBeLessThanOrEqual(expected + 1e-4);
    }
  });
});
