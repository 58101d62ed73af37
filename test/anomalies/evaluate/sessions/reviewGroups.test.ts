import { describe, expect, test } from '@jest/globals';
import {
  anomalousShare,
  doubt,
  reviewGroups,
} from '../../../../src/anomalies/evaluate/sessions/reviewGroups';
import { seededRandom } from '../../../../src/contracts';

const rows = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);
const never = (): boolean => false;

describe('reviews of groups of like sessions', () => {
  test('show the strangest groups first, one session each', () => {
    const groups = [rows(0, 50), rows(50, 3), rows(53, 1), rows(54, 9)];
    const { asked } = reviewGroups(groups, [0.1, 0.7, 0.9, 0.3], 6, never, seededRandom(1));
    const groupOf = (row: number): number => groups.findIndex((members) => members.includes(row));
    expect(asked.slice(0, 3).map(groupOf)).toEqual([2, 1, 3]);
  });

  test('never ask for a session twice, nor for more than the budget or than there are', () => {
    const groups = [rows(0, 4), rows(4, 2)];
    const spent = reviewGroups(groups, [0, 1], 5, never, seededRandom(2)).asked;
    expect(new Set(spent).size).toBe(5);
    const all = reviewGroups(groups, [0, 1], 100, never, seededRandom(2)).asked;
    expect([...all].sort((a, b) => a - b)).toEqual(rows(0, 6));
  });

  test('spend more on a group whose verdicts contradict each other than on one of the same size that is clear', () => {
    const groups = [rows(0, 100), rows(100, 100)];
    const answer = (row: number): boolean => row < 100 && row % 2 === 0;
    const [mixed, clear] = reviewGroups(groups, [0, 0], 24, answer, seededRandom(3)).groups;
    expect(mixed!.anomalous + mixed!.normal).toBeGreaterThan(clear!.anomalous + clear!.normal);
  });

  test('refuse a budget that is no number of reviews', () => {
    expect(() => reviewGroups([[0]], [0], 0.5, never, seededRandom(1))).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID' }),
    );
  });
});

test.each([
  [0, 0],
  [3, 0],
  [2, 5],
  [7, 7],
])('doubt after %i anomalous and %i normal verdicts is the tail of their Beta distribution', (a, b) => {
  const steps = 200_000;
  let whole = 0;
  let below = 0;
  for (let step = 0; step < steps; step++) {
    const share = (step + 0.5) / steps;
    const density = share ** a * (1 - share) ** b;
    whole += density;
    if (share < 0.5) below += density;
  }
  expect(doubt(a, b)).toBeCloseTo(Math.min(below, whole - below) / whole, 6);
});

test('the share of anomalies moves from a half with every verdict', () => {
  const share = (anomalous: number, normal: number): number =>
    anomalousShare({ members: [], anomalous, normal });
  expect([share(0, 0), share(1, 0), share(0, 8)]).toEqual([0.5, 2 / 3, 0.1]);
});
