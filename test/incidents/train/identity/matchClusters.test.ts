import { describe, expect, test } from '@jest/globals';
import { countOverlap } from '../../../../src/incidents/train/identity/overlap';
import {
  matchClusters,
  type IdentityInput,
  type PreviousVersion,
} from '../../../../src/incidents/train/identity/matchClusters';

const noise = -1;

/** A unit vector of the plane, by angle in degrees: angles far apart are themes far apart. */
const at = (degrees: number): number[] => [
  Math.cos((degrees * Math.PI) / 180),
  Math.sin((degrees * Math.PI) / 180),
];

interface Scene {
  /** Centre of each cluster. */
  readonly next: readonly number[];
  readonly old: readonly number[];
  /** `[new cluster, old cluster, rows]`. */
  readonly rows: readonly (readonly [number, number, number])[];
  readonly sameEmbeddingModel?: boolean;
}

function match(scene: Scene, overrides: Partial<IdentityInput> = {}) {
  const nextLabels = scene.rows.flatMap(([next, , count]) => Array.from({ length: count }, () => next));
  const oldLabels = scene.rows.flatMap(([, old, count]) => Array.from({ length: count }, () => old));
  const previous: PreviousVersion = {
    version: '2026/q2/r1',
    clusters: scene.old.map((degrees, cluster) => ({
      cluster,
      stableId: `c-old${cluster}`,
      topic: `topic ${cluster}`,
      centroid: at(degrees),
      lineage: { event: 'born', from: [], firstVersion: cluster === 0 ? '2025/q4/r1' : '2026/q2/r1' },
    })),
    deaths: [],
    overlap: countOverlap(nextLabels, oldLabels, { next: scene.next.length, previous: scene.old.length }),
    sameEmbeddingModel: scene.sameEmbeddingModel ?? true,
  };
  return matchClusters({
    techCenter: 'Service Desk',
    trainingKey: 'key',
    version: '2026/q3/r1',
    centroids: scene.next.map(at),
    previous,
    ...overrides,
  });
}

const events = (result: ReturnType<typeof matchClusters>): [string, string][] =>
  result.identities.map(({ stableId, lineage }) => [stableId, lineage.event]);

describe('identity of clusters across versions', () => {
  test('without a previous version every cluster is born, with a deterministic and unique id', () => {
    const first = matchClusters({
      techCenter: 'Service Desk',
      trainingKey: 'key',
      version: '2026/q3/r1',
      centroids: [at(0), at(90), at(180)],
      previous: undefined,
    });
    const again = matchClusters({
      techCenter: 'Service Desk',
      trainingKey: 'key',
      version: '2026/q3/r1',
      centroids: [at(0), at(90), at(180)],
      previous: undefined,
    });
    expect(first).toEqual(again);
    expect(new Set(first.identities.map((identity) => identity.stableId)).size).toBe(3);
    for (const { stableId, lineage } of first.identities) {
      expect(stableId).toMatch(/^c-[0-9a-z]{8}$/);
      expect(lineage).toEqual({ event: 'born', from: [], firstVersion: '2026/q3/r1' });
    }
    expect(first.deaths).toEqual([]);
  });

  test('clusters that keep their members keep their ids, whatever their numbers are now', () => {
    const result = match({
      next: [90, 0],
      old: [0, 90],
      rows: [
        [1, 0, 90],
        [0, 1, 80],
        [0, 0, 5],
        [1, noise, 10],
      ],
    });
    expect(events(result)).toEqual([
      ['c-old1', 'kept'],
      ['c-old0', 'kept'],
    ]);
    expect(result.identities[1]!.lineage.firstVersion).toBe('2025/q4/r1');
    expect(result.identities[1]!.lineage.from[0]).toMatchObject({ stableId: 'c-old0', overlap: 90 / 105 });
    expect(result.deaths).toEqual([]);
  });

  test('of a split, the largest part keeps the id and the others are born from it', () => {
    const result = match({
      next: [0, 10, 90],
      old: [5, 90],
      rows: [
        [0, 0, 40],
        [1, 0, 60],
        [2, 1, 50],
      ],
    });
    expect(events(result).map(([, event]) => event)).toEqual(['born', 'split', 'kept']);
    expect(result.identities[1]!.stableId).toBe('c-old0');
    expect(result.identities[0]!.lineage.from.map((from) => from.stableId)).toEqual(['c-old0']);
    expect(result.identities[0]!.stableId).not.toBe('c-old0');
    expect(result.deaths).toEqual([]);
  });

  test('a merge keeps the id of the largest overlap, names all that went in, and none of them is dead', () => {
    const result = match({
      next: [45, 200],
      old: [40, 50, 200],
      rows: [
        [0, 0, 30],
        [0, 1, 70],
        [1, 2, 50],
      ],
    });
    expect(events(result)).toEqual([
      ['c-old1', 'merged'],
      ['c-old2', 'kept'],
    ]);
    expect(result.identities[0]!.lineage.from.map((from) => from.stableId)).toEqual(['c-old1', 'c-old0']);
    expect(result.deaths).toEqual([]);
  });

  test('new themes are born and vanished ones die with their topic and last version', () => {
    const result = match({
      next: [0, 180],
      old: [0, 90],
      rows: [
        [0, 0, 50],
        [1, noise, 50],
        [noise, 1, 3],
      ],
    });
    expect(events(result).map(([, event]) => event)).toEqual(['kept', 'born']);
    expect(result.identities[1]!.lineage).toEqual({ event: 'born', from: [], firstVersion: '2026/q3/r1' });
    expect(result.deaths).toEqual([{ stableId: 'c-old1', topic: 'topic 1', lastVersion: '2026/q2/r1' }]);
  });

  test('a cluster grown past its old members is still the same theme', () => {
    const result = match({
      next: [0, 120],
      old: [0, 120],
      rows: [
        [0, 0, 40],
        [0, noise, 160],
        [1, 1, 30],
      ],
    });
    expect(events(result)).toEqual([
      ['c-old0', 'kept'],
      ['c-old1', 'kept'],
    ]);
  });

  test('where the old model calls everything noise, centroids that are each other’s nearest decide', () => {
    const scene: Scene = {
      next: [2, 182],
      old: [0, 90],
      rows: [
        [0, noise, 40],
        [1, noise, 40],
      ],
    };
    expect(events(match(scene)).map(([, event]) => event)).toEqual(['kept', 'born']);
    const otherSpace = match({ ...scene, sameEmbeddingModel: false });
    expect(otherSpace.identities.map((identity) => identity.lineage.event)).toEqual(['born', 'born']);
    expect(otherSpace.deaths).toHaveLength(2);
  });

  test('members outweigh centroids', () => {
    // The centres changed places, the members did not.
    const result = match({
      next: [90, 0],
      old: [0, 90],
      rows: [
        [0, 0, 50],
        [1, 1, 50],
      ],
    });
    expect(events(result)).toEqual([
      ['c-old0', 'kept'],
      ['c-old1', 'kept'],
    ]);
  });

  test('the pairs of greatest total overlap win over the greedy choice', () => {
    // Greedily 0-0 (the best single pair) would leave new 1 alone; together 0-1 and 1-0 keep more.
    const result = match({
      next: [0, 10],
      old: [0, 10],
      rows: [
        [0, 0, 52],
        [0, 1, 48],
        [1, 0, 50],
      ],
      sameEmbeddingModel: false,
    });
    expect(events(result).map(([id]) => id)).toEqual(['c-old1', 'c-old0']);
  });

  test('a crumb of an old cluster that becomes a theme of its own is born from it, and the old one is no split', () => {
    const result = match({
      next: [0, 60],
      old: [0],
      rows: [
        [0, 0, 95],
        [1, 0, 5],
      ],
    });
    expect(events(result).map(([, event]) => event)).toEqual(['kept', 'born']);
    expect(result.identities[1]!.lineage.from.map((from) => from.stableId)).toEqual(['c-old0']);
  });

  test('sampled rows count for the rows they stand for', () => {
    const overlap = countOverlap([0, 0, 1], [0, noise, 0], { next: 2, previous: 1 }, [10, 5, 2]);
    expect(overlap).toEqual({ shared: [[10], [2]], nextTotals: [15, 2], previousTotals: [12] });
  });

  test('ids of clusters that died are not given again', () => {
    const born = matchClusters({
      techCenter: 'A',
      trainingKey: 'key',
      version: '2026/q3/r1',
      centroids: [at(0)],
      previous: undefined,
    }).identities[0]!.stableId;
    const result = matchClusters({
      techCenter: 'A',
      trainingKey: 'key',
      version: '2026/q3/r1',
      centroids: [at(0)],
      previous: {
        version: '2026/q2/r1',
        clusters: [],
        deaths: [{ stableId: born, topic: 'gone', lastVersion: '2026/q1/r1' }],
        overlap: countOverlap([], [], { next: 1, previous: 0 }),
        sameEmbeddingModel: true,
      },
    });
    expect(result.identities[0]!.stableId).not.toBe(born);
  });
});
