import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readServiceGraph, readServiceGraphFile } from '../../../src/alerts';
import { stronglyConnected } from '../../../src/alerts/graph/cycles';
import { seededRandom } from '../../../src/contracts';

const shop = {
  nodes: [
    { id: 'shop', name: 'Shop', type: 'service', tier: 1, team: 'web', criticality: 'critical' },
    { id: 'payments', criticality: 0.5, aliases: ['pay', 'payments'] },
    'orders',
    { name: 'orders-db', type: 'database', tier: 'tier-3' },
  ],
  edges: [
    { source: 'shop', target: 'payments', kind: 'http', weight: 2 },
    { source: 'shop', target: 'orders' },
    { source: 'orders', target: 'orders-db', type: 'sql' },
  ],
};

describe('a service graph', () => {
  test('is read with its nodes, edges and nothing to report', () => {
    const { graph, report } = readServiceGraph(shop);
    expect(graph.nodes).toEqual([
      { id: 'orders', name: 'orders', type: null, tier: null, team: null, criticality: null, aliases: [] },
      {
        id: 'orders-db',
        name: 'orders-db',
        type: 'database',
        tier: 3,
        team: null,
        criticality: null,
        aliases: [],
      },
      {
        id: 'payments',
        name: 'payments',
        type: null,
        tier: null,
        team: null,
        criticality: 0.5,
        aliases: ['pay'],
      },
      { id: 'shop', name: 'Shop', type: 'service', tier: 1, team: 'web', criticality: 1, aliases: [] },
    ]);
    expect(graph.edges).toEqual([
      { source: 'orders', target: 'orders-db', kind: 'sql', weight: 1 },
      { source: 'shop', target: 'orders', kind: null, weight: 1 },
      { source: 'shop', target: 'payments', kind: 'http', weight: 2 },
    ]);
    const nothing = { total: 0, first: [] };
    expect(report).toEqual({
      nodes: 4,
      edges: 3,
      danglingEdges: nothing,
      duplicateNodes: nothing,
      selfLoops: nothing,
      duplicateEdges: nothing,
      cycles: nothing,
      invalidNodes: nothing,
      invalidEdges: nothing,
      invalidValues: nothing,
      endsByName: 0,
      criticalityScale: 1,
    });
  });

  test('has the same version in any order, and another one when anything differs', () => {
    const { version } = readServiceGraph(shop).graph;
    const reordered = { links: [...shop.edges].reverse(), nodes: [...shop.nodes].reverse() };
    expect(readServiceGraph(reordered).graph.version).toBe(version);
    expect(readServiceGraph({ ...shop, edges: shop.edges.slice(1) }).graph.version).not.toBe(version);
    const heavier = shop.edges.map((edge) => ({ ...edge, weight: 3 }));
    expect(readServiceGraph({ ...shop, edges: heavier }).graph.version).not.toBe(version);
  });

  test('is read in the forms that other tools write', () => {
    const expected = [
      { source: 'a', target: 'b', kind: null, weight: 1 },
      { source: 'b', target: 'c', kind: null, weight: 1 },
    ];
    const forms: unknown[] = [
      { nodes: ['a', 'b', 'c'], edges: [{ from: 'a', to: 'b' }, ['b', 'c']] },
      {
        directed: true,
        nodes: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
        links: [
          { source: { id: 'a' }, target: { id: 'b' } },
          { source: 'b', target: 'c' },
        ],
      },
      {
        graph: {
          nodes: { a: {}, b: { tier: 2 }, c: null },
          edges: [
            ['a', 'b'],
            ['b', 'c'],
          ],
        },
      },
      {
        elements: {
          nodes: [{ data: { id: 'a' } }, { data: { id: 'b' } }, { data: { id: 'c' } }],
          edges: [
            ['a', 'b'],
            ['b', 'c'],
          ],
        },
      },
    ];
    for (const form of forms) expect(readServiceGraph(form).graph.edges).toEqual(expected);
    const numbered = readServiceGraph({ nodes: [{ id: 1 }, { id: 2 }], edges: [{ source: 1, target: 2 }] });
    expect(numbered.graph.edges).toEqual([{ source: '1', target: '2', kind: null, weight: 1 }]);
  });

  test('tells of dangling and double edges, loops, doubled nodes and values that are none', () => {
    const { graph, report } = readServiceGraph({
      nodes: [
        { id: 'a', team: 'one', criticality: 'very' },
        { id: 'a', team: 'two', tier: 2 },
        { id: 'b', tier: 'top' },
        { tier: 1 },
        7.5,
        null,
      ],
      edges: [
        { source: 'a', target: 'b', weight: 1 },
        { source: 'a', target: 'b', weight: 4, kind: 'grpc' },
        { source: 'a', target: 'gone' },
        { source: 'b', target: 'b' },
        { source: 'b', target: 'a', weight: -1 },
        { source: 'a' },
        'a-b',
      ],
    });
    expect(graph.nodes.map(({ id, team, tier }) => [id, team, tier])).toEqual([
      ['7.5', null, null],
      ['a', 'one', 2],
      ['b', null, null],
    ]);
    expect(graph.edges).toEqual([
      { source: 'a', target: 'b', kind: 'grpc', weight: 4 },
      { source: 'b', target: 'a', kind: null, weight: 1 },
    ]);
    expect(report.danglingEdges).toEqual({ total: 1, first: [{ source: 'a', target: 'gone' }] });
    expect(report.duplicateEdges).toEqual({ total: 1, first: [{ source: 'a', target: 'b' }] });
    expect(report.selfLoops).toEqual({ total: 1, first: ['b'] });
    expect(report.duplicateNodes).toEqual({ total: 1, first: ['a'] });
    expect(report.cycles).toEqual({ total: 1, first: [['a', 'b']] });
    expect(report.invalidNodes.first.map(({ index }) => index)).toEqual([3, 5]);
    expect(report.invalidEdges.first.map(({ index }) => index)).toEqual([5, 6]);
    expect(report.invalidValues.first.map(({ where }) => where)).toEqual(['a', 'b', 'b → a']);
  });

  test('takes an end by name or alias when only one node has it', () => {
    const { graph, report } = readServiceGraph({
      nodes: [
        { id: 's-1', name: 'checkout', aliases: ['shop'] },
        { id: 's-2', name: 'cart', aliases: ['shop'] },
      ],
      edges: [
        { source: 'checkout', target: 'cart' },
        { source: 'shop', target: 's-1' },
      ],
    });
    expect(graph.edges.map(({ source, target }) => [source, target])).toEqual([['s-1', 's-2']]);
    expect(report).toMatchObject({ endsByName: 2, danglingEdges: { total: 1 } });
  });

  test.each([
    [[0.2, 1], 1, [0.2, 1]],
    [[1, 5, 2], 5, [0.2, 1, 0.4]],
    [[3, 10], 10, [0.3, 1]],
    [['high', 80, 100], 100, [0.8, 0.8, 1]],
    [[250, 1000], 1000, [0.25, 1]],
  ])('takes criticality %p on the scale up to %p', (given, scale, expected) => {
    const nodes = given.map((criticality, index) => ({ id: `n${index}`, criticality }));
    const { graph, report } = readServiceGraph({ nodes });
    expect(graph.nodes.map(({ criticality }) => criticality)).toEqual(expected);
    expect(report.criticalityScale).toBe(scale);
  });

  test('may be empty', () => {
    const { graph } = readServiceGraph({ nodes: [], edges: [] });
    expect(graph).toMatchObject({ nodes: [], edges: [] });
    expect(graph.version).toMatch(/^g-[0-9a-f]{24}$/);
  });

  test.each([
    [null, ''],
    [[], ''],
    ['shop', ''],
    [{}, 'nodes'],
    [{ nodes: 7 }, 'nodes'],
    [{ nodes: [], edges: {} }, 'edges'],
    [{ nodes: [null, {}] }, 'nodes'],
  ])('that is none (%j) is refused by name', (value, field) => {
    expect(() => readServiceGraph(value)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', culprit: { field } }),
    );
  });

  test('with too many nodes is refused before they are read', () => {
    const nodes = { length: 100_001 };
    expect(() => readServiceGraph({ nodes: Array.from(nodes, () => 'a') })).toThrow(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
    );
  });

  test('of 50,000 edges with a cycle through 10,000 services is read', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => `service-${index}`);
    const edges = Array.from({ length: 50_000 }, (_, index) => ({
      source: nodes[index % 10_000],
      target: nodes[(index + 1 + 7 * Math.floor(index / 10_000)) % 10_000],
    }));
    const { graph, report } = readServiceGraph({ nodes, edges });
    expect(graph.edges).toHaveLength(50_000);
    expect(report.cycles.total).toBe(1);
    expect(report.cycles.first[0]).toHaveLength(10_000);
  });
});

test('cycles are those that reaching each other by brute force gives', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 200; round++) {
    const n = 1 + Math.floor(random.next() * 9);
    const targets: number[][] = Array.from({ length: n }, () => []);
    for (let edge = 0; edge < n * 1.5; edge++) {
      targets[Math.floor(random.next() * n)]!.push(Math.floor(random.next() * n));
    }
    const reach = targets.map((_, from) => {
      const seen = new Set<number>();
      const walk = (node: number): void =>
        targets[node]!.forEach((target) => {
          if (seen.has(target)) return;
          seen.add(target);
          walk(target);
        });
      walk(from);
      return seen;
    });
    const expected = new Map<string, number[]>();
    for (let node = 0; node < n; node++) {
      const component = [...Array(n).keys()].filter(
        (other) => other === node || (reach[node]!.has(other) && reach[other]!.has(node)),
      );
      if (component.length > 1) expected.set(component.join(), component);
    }
    expect(stronglyConnected(targets)).toEqual([...expected.values()]);
  }
});

describe('a graph file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'quarterdeck-graph-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is read, also with a byte order mark', async () => {
    const path = join(folder, 'graph.json');
    writeFileSync(path, `\ufeff${JSON.stringify(shop)}`);
    expect((await readServiceGraphFile(path)).graph).toEqual(readServiceGraph(shop).graph);
  });

  test('that is missing, no JSON or no graph is refused by name', async () => {
    const path = join(folder, 'bad.json');
    await expect(readServiceGraphFile(path)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    writeFileSync(path, '{"nodes": [');
    await expect(readServiceGraphFile(path)).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
      culprit: { file: path },
    });
    writeFileSync(path, '{"vertices": []}');
    await expect(readServiceGraphFile(path)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      culprit: { file: path, field: 'nodes' },
    });
  });
});
