import { describe, expect, test } from '@jest/globals';
import {
  adjacencyFromEdges,
  cutPoints,
  distancesFrom,
  reachableCounts,
  reachableSums,
  reverse,
  strongComponents,
  undirected,
} from '../../../src/learn/graph';
import { randomGraph, targetsOf } from './randomGraph';

describe('an adjacency', () => {
  const adjacency = adjacencyFromEdges(4, {
    sources: [2, 0, 0, 2, 3, 0],
    targets: [1, 3, 1, 0, 3, 1],
    weights: [1, 2, 3, 4, 5, 6],
  });

  test('holds targets in ascending order, and edges side by side as one', () => {
    expect([0, 1, 2, 3].map((node) => targetsOf(adjacency, node))).toEqual([[1, 3], [], [0, 1], [3]]);
    expect(Array.from(adjacency.weights)).toEqual([9, 2, 4, 1, 5]);
  });

  test('turned round twice is itself', () => {
    expect(reverse(reverse(adjacency))).toEqual(adjacency);
    expect(targetsOf(reverse(adjacency), 1)).toEqual([0, 2]);
  });

  test('without direction holds each edge at both ends, and no loop', () => {
    expect([0, 1, 2, 3].map((node) => targetsOf(undirected(adjacency), node))).toEqual([
      [1, 2, 3],
      [0, 2],
      [0, 1],
      [0],
    ]);
  });

  test.each([
    [[0], [4], [1]],
    [[-1], [0], [1]],
    [[0], [1], [0]],
    [[0], [1], [Number.NaN]],
    [[0.5], [1], [1]],
  ])('from %j to %j of weight %j is refused', (sources, targets, weights) => {
    expect(() => adjacencyFromEdges(4, { sources, targets, weights })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'edges', row: 0 } }),
    );
  });
});

test('distances are those of Floyd and Warshall', () => {
  for (const seed of [1, 2, 3]) {
    const adjacency = randomGraph(30, 45, seed);
    const all = Array.from({ length: 30 }, (_, a) =>
      Array.from({ length: 30 }, (__, b) => (a === b ? 0 : Infinity)),
    );
    for (let node = 0; node < 30; node++) {
      for (const target of targetsOf(adjacency, node)) if (target !== node) all[node]![target] = 1;
    }
    for (let via = 0; via < 30; via++) {
      for (let a = 0; a < 30; a++) {
        for (let b = 0; b < 30; b++) all[a]![b] = Math.min(all[a]![b]!, all[a]![via]! + all[via]![b]!);
      }
    }
    const nearest = (starts: number[], limit: number): number[] =>
      Array.from({ length: 30 }, (_, node) => {
        const hops = Math.min(...starts.map((start) => all[start]![node]!));
        return hops <= limit ? hops : -1;
      });
    expect(Array.from(distancesFrom(adjacency, [4]))).toEqual(nearest([4], 1e9));
    expect(Array.from(distancesFrom(adjacency, [4, 9, 4], 2))).toEqual(nearest([4, 9], 2));
  }
});

test('strong components are nodes that reach each other, and edges between them lead to lower numbers', () => {
  for (const seed of [1, 2, 3, 4]) {
    const adjacency = randomGraph(40, 60, seed);
    const { component, count } = strongComponents(adjacency);
    const reach = Array.from({ length: 40 }, (_, node) => distancesFrom(adjacency, [node]));
    expect(new Set(component).size).toBe(count);
    for (let a = 0; a < 40; a++) {
      for (let b = 0; b < 40; b++) {
        expect(component[a] === component[b]).toBe(reach[a]![b]! >= 0 && reach[b]![a]! >= 0);
      }
      for (const target of targetsOf(adjacency, a))
        expect(component[target]!).toBeLessThanOrEqual(component[a]!);
    }
  }
});

test('a path of a hundred thousand nodes does not exhaust the call stack', () => {
  const n = 100_000;
  const sources = Int32Array.from({ length: n - 1 }, (_, node) => node);
  const path = adjacencyFromEdges(n, { sources, targets: sources.map((node) => node + 1) });
  expect(strongComponents(path).count).toBe(n);
});

test('reach over more components than are held at once is counted in full', () => {
  const n = 9_001;
  const sources = Int32Array.from({ length: n - 1 }, (_, node) => node);
  const path = adjacencyFromEdges(n, { sources, targets: sources.map((node) => node + 1) });
  const counts = reachableCounts(path);
  for (const node of [0, 1, 4_904, 4_905, 8_999, 9_000]) expect(counts[node]).toBe(n - 1 - node);
  expect(cutPoints(undirected(path)).bridges.subarray(0, 3)).toEqual(Int32Array.of(1, 2, 2));
});

test('sums over what is reached are those of a search from every node', () => {
  const adjacency = randomGraph(60, 90, 8);
  const values = Float64Array.from({ length: 60 }, (_, node) => node / 7);
  const sums = reachableSums(adjacency, values);
  for (let node = 0; node < 60; node++) {
    const distance = distancesFrom(adjacency, [node]);
    const sum = values.reduce((total, value, other) => (distance[other]! > 0 ? total + value : total), 0);
    expect(sums[node]).toBeCloseTo(sum, 9);
  }
});
