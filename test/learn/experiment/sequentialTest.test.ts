import { describe, expect, test } from '@jest/globals';
import { seededRandom, type Random } from '../../../src/contracts';
import { SequentialTest } from '../../../src/learn/experiment';

const simulations = 1_000;
const looks = 1_500;

/** Feeds coin flips, the second arm with 30 % of them, and looks after each until one of the arms has won. */
function run(random: Random, first: number, second: number): SequentialTest {
  const sequential = new SequentialTest();
  for (let look = 0; look < looks && !sequential.significant; look++) {
    const arm = random.next() < 0.3 ? 'second' : 'first';
    sequential.add(arm, Number(random.next() < (arm === 'second' ? second : first)));
  }
  return sequential;
}

/** Whether the interval held the true difference at every one of the looks. */
function covers(random: Random, first: number, second: number): boolean {
  const sequential = new SequentialTest();
  for (let look = 0; look < looks; look++) {
    const arm = random.next() < 0.3 ? 'second' : 'first';
    sequential.add(arm, Number(random.next() < (arm === 'second' ? second : first)));
    const { low, high } = sequential.state;
    if (second - first < low || second - first > high) return false;
  }
  return true;
}

describe('a comparison that is looked at after every outcome', () => {
  test.each([0.5, 0.95])(
    'between two equal models of accuracy %d has a winner in at most 5 %% of 1,000 runs',
    (accuracy) => {
      const random = seededRandom(42).fork(`equal ${accuracy}`);
      const outcomes = Array.from({ length: simulations }, () => run(random, accuracy, accuracy));
      expect(outcomes.filter(({ significant }) => significant).length).toBeLessThanOrEqual(
        0.05 * simulations,
      );
    },
  );

  test('finds a model that is really better, mostly long before the end, and never takes the worse one for it', () => {
    const random = seededRandom(42).fork('different');
    const outcomes = Array.from({ length: 200 }, () => run(random, 0.8, 0.9));
    const found = outcomes.filter(({ significant }) => significant);
    expect(found.length).toBeGreaterThan(0.8 * outcomes.length);
    expect(found.every(({ state }) => state.difference > 0)).toBe(true);
    const needed = found.reduce((sum, { first, second }) => sum + first.n + second.n, 0) / found.length;
    expect(needed).toBeLessThan(0.6 * looks);
  });

  test('has an interval that holds the true difference at every look together, in 95 % of runs', () => {
    const random = seededRandom(42).fork('coverage');
    const covered = Array.from({ length: 200 }, () => covers(random, 0.85, 0.8));
    expect(covered.filter(Boolean).length).toBeGreaterThanOrEqual(0.95 * covered.length);
  });

  test('says nothing before both arms have enough', () => {
    const sequential = new SequentialTest();
    for (let index = 0; index < 500; index++) sequential.add('first', 1);
    for (let index = 0; index < 49; index++) sequential.add('second', 0);
    expect(sequential.state).toMatchObject({ difference: -1, low: -1, high: 1, p: 1, significant: false });
    sequential.add('second', 0);
    expect(sequential.state.significant).toBe(true);
  });

  test('keeps the smallest p-value that it ever saw', () => {
    const sequential = new SequentialTest();
    for (let index = 0; index < 60; index++) {
      sequential.add('first', index % 2);
      sequential.add('second', 1);
    }
    const { p } = sequential.state;
    for (let index = 0; index < 60; index++) sequential.add('second', 0);
    expect(sequential.state.p).toBe(p);
  });
});
