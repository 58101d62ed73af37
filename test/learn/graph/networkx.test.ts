import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import {
  adjacencyFromEdges,
  centralitiesOf,
  clusteringCoefficients,
  communitiesOf,
  coreNumbers,
  cutPoints,
  hubsAndAuthorities,
  layersOf,
  personalisedPageRank,
  reachableCounts,
  reverse,
  sourcesOf,
  strongComponents,
  undirected,
  type Adjacency,
} from '../../../src/learn/graph';

interface Answers {
  readonly n: number;
  readonly edges: readonly (readonly [source: number, target: number, weight: number])[];
  readonly pageRank: readonly number[];
  readonly personalised: readonly number[];
  readonly betweenness: readonly number[];
  readonly closeness: readonly number[];
  readonly hubs: readonly number[];
  readonly authorities: readonly number[];
  readonly clustering: readonly number[];
  readonly core: readonly number[];
  readonly articulation: readonly number[];
  readonly bridges: readonly number[];
  readonly descendants: readonly number[];
  readonly ancestors: readonly number[];
  readonly components: number;
  readonly depth: readonly number[];
  readonly modularity: number;
}

const fixture = JSON.parse(
  readFileSync(join(process.cwd(), 'test/fixtures/graph/networkx.json'), 'utf8'),
) as Record<string, Answers>;

function largestDifference(ours: ArrayLike<number>, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(...theirs.map((value, node) => Math.abs(value - ours[node]!)));
}

describe.each(Object.entries(fixture))('networkx and we agree on the %s graph about', (name, theirs) => {
  const adjacency = adjacencyFromEdges(theirs.n, {
    sources: theirs.edges.map(([source]) => source),
    targets: theirs.edges.map(([, target]) => target),
    weights: theirs.edges.map(([, , weight]) => weight),
  });
  const neighbors = undirected(adjacency);

  test('PageRank, betweenness and closeness', () => {
    const { pageRank, betweenness, closeness } = centralitiesOf(adjacency);
    expect(largestDifference(pageRank, theirs.pageRank)).toBeLessThan(1e-9);
    expect(largestDifference(betweenness, theirs.betweenness)).toBeLessThan(1e-12);
    expect(largestDifference(closeness, theirs.closeness)).toBeLessThan(1e-12);
  });

  test('the random walk with restart', () => {
    const restart = Float64Array.from({ length: theirs.n }, (_, node) => node % 3);
    const walk = personalisedPageRank(adjacency, { restart, damping: 0.7, tolerance: 1e-12 });
    expect(largestDifference(walk, theirs.personalised)).toBeLessThan(1e-11);
  });

  // On a star and a ring single edges are singular vectors by themselves, and those of like weights almost tie.
  if (name !== 'ring') {
    test('hubs and authorities', () => {
      const { hubs, authorities } = hubsAndAuthorities(adjacency);
      expect(largestDifference(hubs, theirs.hubs)).toBeLessThan(1e-6);
      expect(largestDifference(authorities, theirs.authorities)).toBeLessThan(1e-6);
    });
  }

  test('clustering coefficients, core numbers, articulation points and bridges', () => {
    expect(largestDifference(clusteringCoefficients(neighbors), theirs.clustering)).toBeLessThan(1e-12);
    expect(Array.from(coreNumbers(neighbors))).toEqual(theirs.core);
    const { articulation, bridges } = cutPoints(neighbors);
    expect(Array.from(articulation)).toEqual(theirs.articulation);
    expect(Array.from(bridges)).toEqual(theirs.bridges);
  });

  test('descendants, ancestors, strong components and layers', () => {
    expect(Array.from(reachableCounts(adjacency))).toEqual(theirs.descendants);
    expect(Array.from(reachableCounts(reverse(adjacency)))).toEqual(theirs.ancestors);
    expect(strongComponents(adjacency).count).toBe(theirs.components);
    expect(Array.from(layersOf(adjacency).depth)).toEqual(theirs.depth);
  });

  test('how well communities part the graph', () => {
    const plain = undirected(
      adjacencyFromEdges(theirs.n, { sources: sourcesOf(adjacency), targets: adjacency.targets }),
    );
    const single = { ...plain, weights: new Float64Array(plain.targets.length).fill(1) };
    const { community } = communitiesOf(single, seededRandom(1));
    expect(modularity(single, community)).toBeGreaterThan(theirs.modularity - 0.03);
  });
});

/** Newman's: edges within communities less those expected by degrees alone. */
function modularity(neighbors: Adjacency, community: Int32Array): number {
  const ends = neighbors.targets.length;
  const sources = sourcesOf(neighbors);
  const degree = (node: number): number => neighbors.offsets[node + 1]! - neighbors.offsets[node]!;
  let within = 0;
  neighbors.targets.forEach(
    (target, edge) => (within += Number(community[target] === community[sources[edge]!])),
  );
  let expected = 0;
  for (let a = 0; a < neighbors.n; a++) {
    for (let b = 0; b < neighbors.n; b++) {
      if (community[a] === community[b]) expected += (degree(a) * degree(b)) / ends;
    }
  }
  return (within - expected) / ends;
}

describe('a graph without edges or nodes', () => {
  test.each([0, 1, 2, 5])('of %i nodes has finite answers', (n) => {
    const empty = adjacencyFromEdges(n, { sources: [], targets: [] });
    const { pageRank, betweenness, closeness } = centralitiesOf(empty);
    const { hubs, authorities } = hubsAndAuthorities(empty);
    const { depth, entries, roots } = layersOf(empty);
    const zeros = Array.from({ length: n }, () => 0);
    const nodes = zeros.map((_, node) => node);
    expect(Array.from(pageRank, (value) => value * n)).toEqual(zeros.map(() => 1));
    for (const values of [betweenness, closeness, hubs, authorities, depth, reachableCounts(empty)]) {
      expect(Array.from(values)).toEqual(zeros);
    }
    expect([Array.from(entries), Array.from(roots)]).toEqual([nodes, nodes]);
    expect(communitiesOf(empty, seededRandom(1)).count).toBe(n);
    expect(Array.from(cutPoints(empty).articulation)).toEqual(zeros);
    expect(Array.from(coreNumbers(empty))).toEqual(zeros);
  });
});

test('the same seed gives the same communities', () => {
  const { n, edges } = fixture['sparse']!;
  const neighbors = undirected(
    adjacencyFromEdges(n, { sources: edges.map(([a]) => a), targets: edges.map(([, b]) => b) }),
  );
  expect(communitiesOf(neighbors, seededRandom(5))).toEqual(communitiesOf(neighbors, seededRandom(5)));
});
