import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { seededRandom, type ServiceGraph } from '../../../src/contracts';
import { graphFeatures, graphFeaturesOf, standingColumns } from '../../../src/alerts/features';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { rowOf, type Matrix } from '../../../src/learn/matrix';
import { createThreadPool, type ThreadPool } from '../../../src/learn/threads';
import { folderBlobs } from '../../../src/platform/blobs/folderBlobs';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { graphOf, nodeOf } from '../enrich/alerts';

function valueOf(features: Matrix, node: number, column: string): number {
  expect(standingColumns).toContain(column);
  return features.values[node * features.d + standingColumns.indexOf(column)]!;
}

describe('features of a service', () => {
  // entry → a → b → root, a → side → root, and two that need each other, which root needs.
  const graph = graphOf(
    [nodeOf('entry', { criticality: 1, tier: 0 }), 'a', 'b', 'root', 'side', 'left', 'right', 'alone'],
    ['entry a', 'a b', 'b root', 'a side', 'side root', 'root left', 'left right', 'right left'],
  );
  const features = graphFeatures(indexGraph(graph));
  const column = (name: string): number[] => graph.nodes.map((_, node) => valueOf(features, node, name));

  test('tell its place between entries and roots, a cycle counting as one', () => {
    expect(column('depth')).toEqual([0, 1, 2, 3, 2, 4, 4, 0]);
    expect(column('distance_to_entry')).toEqual([0, 1, 2, 3, 2, 4, 5, 0]);
    expect(column('distance_to_root')).toEqual([4, 3, 2, 1, 2, 0, 0, 0]);
    expect(column('descendants').map((value) => Math.round(Math.expm1(value)))).toEqual([
      6, 5, 3, 2, 3, 1, 1, 0,
    ]);
    expect(column('ancestors').map((value) => Math.round(Math.expm1(value)))).toEqual([
      0, 1, 2, 4, 2, 6, 6, 0,
    ]);
  });

  test('tell how the graph hangs on it', () => {
    expect(column('articulation_point')).toEqual([0, 1, 0, 1, 0, 1, 0, 0]);
    expect(column('bridge_incidence')).toEqual([1, 1, 0, 1, 0, 2, 1, 0]);
    expect(column('k_core')).toEqual([1, 2, 2, 2, 2, 1, 1, 0]);
  });

  test('tell what people said of it, and the middle where they said nothing', () => {
    expect(column('criticality').slice(0, 2)).toEqual([1, 0.5]);
    expect(column('tier').slice(0, 2)).toEqual([0, 2]);
  });

  test('are of the same order of size in graphs of every size', () => {
    for (const name of ['pagerank', 'hub_score', 'authority_score']) {
      expect(column(name).reduce((sum, value) => sum + value, 0) / graph.nodes.length).toBeCloseTo(1, 5);
    }
  });
});

test('two communities that one edge joins are told apart from their border', () => {
  const ids = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'b3', 'b4'];
  const within = ids.flatMap((a) => ids.flatMap((b) => (a < b && a[0] === b[0] ? [`${a} ${b}`] : [])));
  const features = graphFeatures(indexGraph(graphOf(ids, [...within, 'a1 b1'])));
  expect(ids.map((_, node) => valueOf(features, node, 'community_share'))).toEqual(ids.map(() => 0.5));
  expect(ids.map((_, node) => valueOf(features, node, 'community_cohesion'))).toEqual([
    0.75, 1, 1, 1, 0.75, 1, 1, 1,
  ]);
});

test('a graph of fifty thousand edges, cycles and loops among them, has features without NaN', () => {
  const random = seededRandom(11);
  const ids = Array.from({ length: 300 }, (_, number) => `s${number}`);
  const edges = Array.from({ length: 50_000 }, () => `s${random.integer(300)} s${random.integer(300)}`);
  const { values, n, d } = graphFeatures(indexGraph(graphOf(ids, edges)));
  expect([n, d]).toEqual([300, standingColumns.length]);
  expect(values.every((value) => Number.isFinite(value))).toBe(true);
});

test('a graph that bears the version of another has features of its own', () => {
  const one = graphOf(['a', 'b'], ['a b']);
  const other: ServiceGraph = { ...graphOf(['a', 'b', 'c'], ['c b']), version: one.version };
  expect(graphFeatures(indexGraph(one)).n).toBe(2);
  expect(graphFeatures(indexGraph(other)).n).toBe(3);
  expect(graphFeatures(indexGraph({ ...one }))).toEqual(graphFeatures(indexGraph(one)));
});

describe('stored features', () => {
  const folder = mkdtempSync(join(tmpdir(), 'graph-features-'));
  const threads = createThreadPool(1);
  afterAll(async () => {
    await threads.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const signal = AbortSignal.timeout(30_000);
  const platformWith = (pool: ThreadPool) => ({
    blobs: folderBlobs(folder),
    threads: pool,
    telemetry: recordingTelemetry(),
  });
  const idle: ThreadPool = {
    size: 1,
    run: () => Promise.reject(new Error('nothing is to be worked out')),
    close: () => Promise.resolve(),
  };
  /** The same graph, but not as memory knows it. */
  const turned = (graph: ServiceGraph): ServiceGraph => ({ ...graph, nodes: [...graph.nodes].reverse() });

  test('are worked out once, and read by whoever has the same version, in the order of its nodes', async () => {
    const graph = graphOf(['a', 'b', 'c', 'd'], ['a b', 'b c', 'a c', 'c d']);
    const first = await graphFeaturesOf(platformWith(threads), graph, signal);
    expect(graphFeatures(indexGraph(graph))).toBe(first);
    const again = await graphFeaturesOf(platformWith(idle), turned(graph), signal);
    for (let node = 0; node < 4; node++) expect(rowOf(again, 3 - node)).toEqual(rowOf(first, node));
  });

  test('that are damaged, or of other services, are replaced, and telemetry says so', async () => {
    const graph = graphOf(['a', 'b', 'c'], ['a b', 'b c']);
    const name = `alerts/graph-features/${graph.version}.bin`;
    const { blobs } = platformWith(idle);
    await blobs.write(name, new TextEncoder().encode('no features'));
    const platform = platformWith(threads);
    const features = await graphFeaturesOf(platform, graph, signal);
    expect(features.n).toBe(3);
    expect(platform.telemetry.logs).toMatchObject([{ severity: 'warning', fields: { blob: name } }]);
    expect((await graphFeaturesOf(platformWith(idle), turned(graph), signal)).n).toBe(3);
    const renamed = { ...graphOf(['a', 'b', 'z'], ['a b', 'b z']), version: graph.version };
    expect((await graphFeaturesOf(platformWith(threads), renamed, signal)).n).toBe(3);
  });

  test('are not asked for after a stop', async () => {
    const graph = graphOf(['a', 'b'], ['a b']);
    await expect(graphFeaturesOf(platformWith(threads), graph, AbortSignal.abort())).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
