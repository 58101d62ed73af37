import { describe, expect, test } from '@jest/globals';
import { adjacencyFromEdges, personalisedPageRank } from '../../../src/learn/graph';
import { randomGraph } from './randomGraph';

const chain = adjacencyFromEdges(3, { sources: [0, 1], targets: [1, 2] });

describe('a random walk with restart', () => {
  test('solves its own equation, with dangling nodes sent back to the start', () => {
    const n = 50;
    const adjacency = randomGraph(n, 80, 9);
    const restart = new Float64Array(n);
    restart[3] = 2;
    restart[7] = 6;
    const rank = personalisedPageRank(adjacency, { restart, tolerance: 1e-13 });
    const next = new Float64Array(n);
    for (let node = 0; node < n; node++) {
      const from = adjacency.offsets[node]!;
      const to = adjacency.offsets[node + 1]!;
      const total = adjacency.weights.subarray(from, to).reduce((sum, weight) => sum + weight, 0);
      for (let edge = from; edge < to; edge++) {
        next[adjacency.targets[edge]!]! += (0.85 * rank[node]! * adjacency.weights[edge]!) / total;
      }
      const back = from === to ? rank[node]! : 0.15 * rank[node]!;
      next[3]! += back * 0.25;
      next[7]! += back * 0.75;
    }
    expect(rank.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    for (let node = 0; node < n; node++) expect(next[node]).toBeCloseTo(rank[node]!, 12);
  });

  test('stays where it begins when it takes no step', () => {
    const rank = personalisedPageRank(chain, { restart: Float64Array.of(1, 0, 3), damping: 0 });
    expect(Array.from(rank)).toEqual([0.25, 0, 0.75]);
  });

  test('keeps the tolerance however little it restarts', () => {
    const ring = adjacencyFromEdges(4, { sources: [0, 1, 2, 3], targets: [1, 2, 3, 0] });
    const rank = personalisedPageRank(ring, {
      restart: Float64Array.of(1, 0, 0, 0),
      damping: 0.99,
      tolerance: 1e-10,
    });
    const exact = [0, 1, 2, 3].map((hops) => (0.01 * 0.99 ** hops) / (1 - 0.99 ** 4));
    rank.forEach((value, node) => expect(value).toBeCloseTo(exact[node]!, 10));
  });

  test.each([
    ['restart', { restart: Float64Array.of(1, 1) }],
    ['restart', { restart: Float64Array.of(0, 0, 0) }],
    ['restart', { restart: Float64Array.of(1, -1, 1) }],
    ['restart', { restart: Float64Array.of(1, Number.NaN, 1) }],
    ['damping', { restart: Float64Array.of(1, 1, 1), damping: 1 }],
    ['damping', { restart: Float64Array.of(1, 1, 1), damping: Number.NaN }],
    ['tolerance', { restart: Float64Array.of(1, 1, 1), tolerance: 0 }],
  ])('refuses a %s that cannot be', (option, options) => {
    expect(() => personalisedPageRank(chain, options)).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option } }),
    );
  });
});
