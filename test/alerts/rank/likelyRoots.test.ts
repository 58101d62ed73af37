import { describe, expect, test } from '@jest/globals';
import {
  likelyRoots,
  rootMethods,
  type MetricAnomalies,
  type NodeAnomaly,
  type Symptoms,
} from '../../../src/alerts/rank';
import { graphOf } from './storm';
import type { GraphIndex } from '../../../src/alerts/graph/graphIndex';
import { seededRandom } from '../../../src/contracts';

type Shown = readonly [id: string, minute: number, weight?: number];

function symptoms(index: GraphIndex, shown: readonly Shown[]): Symptoms {
  return {
    nodes: shown.map(([id]) => index.nodeOf.get(id)!),
    firstSeenMs: shown.map(([, minute]) => minute * 60_000),
    weight: shown.map(([, , weight = 0.5]) => weight),
  };
}

function first(index: GraphIndex, shown: readonly Shown[], metrics?: MetricAnomalies): string | undefined {
  const [root] = likelyRoots(symptoms(index, shown), index, metrics);
  return root && index.graph.nodes[root.node]!.id;
}

function measured(index: GraphIndex, given: Readonly<Record<string, Partial<NodeAnomaly>>>): MetricAnomalies {
  const nodes = Object.entries(given).map(([id, anomaly]): [number, NodeAnomaly] => [
    index.nodeOf.get(id)!,
    { requests: 0, local: 0, metrics: [], ...anomaly },
  ]);
  return { nodes: new Map(nodes), calls: new Map() };
}

/** web → checkout → payment → ledger; checkout → stock; wiki apart. */
const shop = graphOf(
  ['web', 'checkout', 'payment', 'ledger', 'stock', 'wiki'].map((id) => ({ id })),
  [
    ['web', 'checkout'],
    ['checkout', 'payment'],
    ['payment', 'ledger'],
    ['checkout', 'stock'],
  ],
);

describe('likely roots from alerts', () => {
  test('the root is what the others depend on, even when it was told last by a minute', () => {
    expect(
      first(shop, [
        ['web', 0],
        ['checkout', 1],
        ['payment', 2],
      ]),
    ).toBe('payment');
  });

  test('what fell ill half an hour after its dependents did not cause them', () => {
    const shown: Shown[] = [
      ['web', 2],
      ['checkout', 0],
      ['payment', 40],
    ];
    expect(first(shop, shown)).toBe('checkout');
  });

  test('a node without an alert is the root when several with alerts depend on it and nothing else joins them', () => {
    const fan = graphOf(
      ['a', 'b', 'c', 'd', 'database'].map((id) => ({ id })),
      ['a', 'b', 'c', 'd'].map((id) => [id, 'database'] as const),
    );
    const roots = likelyRoots(
      symptoms(fan, [
        ['a', 0],
        ['b', 0],
        ['c', 1],
        ['d', 1],
      ]),
      fan,
    );
    expect(fan.graph.nodes[roots[0]!.node]!.id).toBe('database');
    expect(roots[0]).toMatchObject({ alerting: false });
  });

  test('noise on a service apart does not become the root, however severe', () => {
    expect(
      first(shop, [
        ['wiki', 0, 1],
        ['web', 1],
        ['checkout', 1],
        ['payment', 0],
      ]),
    ).toBe('payment');
  });

  test('one alert alone is its own root', () => {
    expect(likelyRoots(symptoms(shop, [['checkout', 0]]), shop)).toMatchObject([
      { score: 1, explained: 1, own: 1 },
    ]);
  });

  test('a cycle of services in trouble ends, and names one of them', () => {
    const ring = graphOf(
      ['a', 'b', 'c'].map((id) => ({ id })),
      [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
      ],
    );
    expect(
      first(ring, [
        ['a', 5],
        ['b', 0],
        ['c', 5],
      ]),
    ).toBe('b');
  });

  test('nothing has no root', () => {
    expect(likelyRoots({ nodes: [], firstSeenMs: [], weight: [] }, shop)).toEqual([]);
  });

  test('scores are shares that fall from the first on', () => {
    const scores = likelyRoots(
      symptoms(shop, [
        ['web', 0],
        ['checkout', 1],
        ['payment', 0],
        ['stock', 0],
      ]),
      shop,
    ).map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeLessThanOrEqual(1 + 1e-9);
  });

  test('the order in which alerts are given does not matter', () => {
    const shown: Shown[] = [
      ['web', 0],
      ['checkout', 1],
      ['payment', 0],
      ['stock', 0],
    ];
    const ids = (given: readonly Shown[]): number[] =>
      likelyRoots(symptoms(shop, given), shop).map(({ node }) => node);
    expect(ids(shown.toReversed())).toEqual(ids(shown));
  });
});

describe('likely roots from metrics', () => {
  test('one alert at the door and metrics behind it lead to the node whose trouble nothing explains', () => {
    const metrics = measured(shop, {
      web: { requests: 2 },
      checkout: { requests: 2.5 },
      payment: { requests: 3 },
      ledger: { requests: 0.1 },
      stock: { requests: 0.2 },
    });
    expect(first(shop, [['web', 0]], metrics)).toBe('payment');
  });

  test('trouble of its own beats trouble that was passed on', () => {
    const metrics = measured(shop, {
      web: { requests: 3.5 },
      checkout: { requests: 3.5, local: 3 },
      payment: { requests: 0.3 },
    });
    expect(first(shop, [['web', 0]], metrics)).toBe('checkout');
  });

  test('what callers measure counts for the callee that measures nothing unusual itself', () => {
    const [web, checkout, payment] = ['web', 'checkout', 'payment'].map((id) => shop.nodeOf.get(id)!);
    const metrics: MetricAnomalies = {
      nodes: measured(shop, { web: { requests: 2 }, checkout: { requests: 2 }, payment: {}, stock: {} })
        .nodes,
      calls: new Map([
        [checkout!, new Map([[web!, 2]])],
        [payment!, new Map([[checkout!, 3.5]])],
      ]),
    };
    expect(first(shop, [], metrics)).toBe('payment');
  });

  test('metrics of a few services leave the others to their alerts', () => {
    const shown: Shown[] = [
      ['web', 2],
      ['checkout', 1],
      ['payment', 0],
    ];
    const metrics = measured(shop, { stock: { local: 0.4 }, wiki: { local: 3 } });
    expect(first(shop, shown, metrics)).toBe('payment');
  });

  test('a remote address that shows the trouble of a measured service gives way to it, and stands when alone', () => {
    const index = graphOf(
      [{ id: 'web' }, { id: 'search' }, { id: 'search.example', type: 'remote' }],
      [
        ['web', 'search'],
        ['web', 'search.example'],
      ],
    );
    const both = measured(index, {
      web: { requests: 1 },
      search: { requests: 2 },
      'search.example': { requests: 3 },
    });
    expect(first(index, [['web', 0]], both)).toBe('search');
    const alone = measured(index, { web: { requests: 1 }, search: {}, 'search.example': { requests: 3 } });
    expect(first(index, [['web', 0]], alone)).toBe('search.example');
  });
});

describe('all methods', () => {
  test.each(Object.keys(rootMethods) as (keyof typeof rootMethods)[])(
    '%s names nodes of the group once each',
    (name) => {
      const named = rootMethods[name](
        symptoms(shop, [
          ['web', 0],
          ['checkout', 1],
          ['payment', 0],
        ]),
        shop,
      );
      const nodes = named.map(({ node }) => node);
      expect(new Set(nodes).size).toBe(nodes.length);
      expect(nodes.length).toBeGreaterThan(0);
      expect(rootMethods[name]({ nodes: [], firstSeenMs: [], weight: [] }, shop)).toEqual([]);
    },
  );

  test('simple methods answer what they say', () => {
    const shown = symptoms(shop, [
      ['web', 3, 1],
      ['checkout', 0],
      ['payment', 2, 0.6],
    ]);
    const firstOf = (name: keyof typeof rootMethods): string =>
      shop.graph.nodes[rootMethods[name](shown, shop)[0]!.node]!.id;
    expect(firstOf('first alert')).toBe('checkout');
    expect(firstOf('highest severity')).toBe('web');
    expect(firstOf('graph traversal')).toBe('payment');
    expect(firstOf('most upstream')).toBe('payment');
    expect(firstOf('random walk')).toBe('payment');
  });
});

test('stopping early names the roots that looking at every candidate would', () => {
  const random = seededRandom(11);
  for (let round = 0; round < 20; round++) {
    const n = 40;
    const ids = Array.from({ length: n }, (_, node) => `n${node}`);
    const pairs = Array.from({ length: 90 }, () => [random.integer(n), random.integer(n)] as const)
      .filter(([source, target]) => source < target)
      .map(([source, target]) => [ids[source]!, ids[target]!] as const);
    const index = graphOf(
      ids.map((id) => ({ id })),
      pairs,
    );
    const shown = ids.map((id): Shown => [id, random.integer(10), 0.1 + 0.9 * random.next()]);
    const roots = likelyRoots(symptoms(index, shown), index);
    const belief = (root: (typeof roots)[number]): number =>
      root.blame ** 0.5 * Math.max(root.own, 0.15) * root.explained;
    const ratios = roots.map((root) => root.score / belief(root));
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 6);
  }
});
