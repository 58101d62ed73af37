import { describe, expect, test } from '@jest/globals';
import { QuarterdeckError } from '../../../src/contracts';
import { predictCenter } from '../../../src/incidents/predict/predictCenter';
import { currentAnalysis, versionAnalysis } from '../../../src/incidents/model/currentModel';
import { promoteCandidates } from '../../../src/incidents/train/promoteCandidates';
import { trainQuarter } from '../../../src/incidents/train/trainQuarter';
import type { Platform } from '../../../src/platform/platform';
import { listVersions, readPointer, rollback, techCenterScope } from '../../../src/registry';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets, wordEmbedder } from '../../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const q3 = { year: 2026, quarter: 'q3', maxWorkers: 2, promote: true } as const;
const q4 = { ...q3, quarter: 'q4' } as const;
const scope = techCenterScope(techCenter);
const platforms = withPlatform();
const untrained = (environment: Record<string, string> = {}) =>
  platforms({ overrides: { embeddingService }, environment });
const trained = async (environment: Record<string, string> = {}) => {
  const platform = await untrained(environment);
  await trainCenterOn(platform);
  return platform;
};
const q4Tickets = { ...q3Tickets, from: '2026-10-01T00:00:00Z', first: 1_000, seed: 11 } as const;
const storeQ4 = (platform: Platform, fields: Partial<typeof q3Tickets> = {}) =>
  storePreprocessed(platform, syntheticTickets({ ...q4Tickets, ...fields }), embeddingService);

describe('training a quarter', () => {
  test('finds the themes, names them, and makes the version current', async () => {
    const platform = await untrained();
    await storePreprocessed(platform, syntheticTickets({ ...q3Tickets, perTheme: 60 }), embeddingService);
    const stages = new Set<string>();
    const report = await trainQuarter(platform, q3, {
      signal,
      onProgress: (_, { stage }) => stages.add(stage),
    });
    expect(report.centers).toEqual([
      expect.objectContaining({
        techCenter,
        status: 'ok',
        version: '2026/q3/r1',
        promotion: 'current',
        rows: 180,
      }),
    ]);
    const { value, version } = await currentAnalysis(platform, techCenter, signal);
    expect(version).toBe('2026/q3/r1');
    const { clusters } = value.labeled;
    expect(clusters.map((cluster) => cluster.size)).toEqual([60, 60, 60]);
    const topics = clusters.map((cluster) => cluster.topic.toLowerCase());
    for (const word of ['gateway', 'printer', 'payroll']) {
      expect(topics.filter((topic) => topic.includes(word))).toHaveLength(1);
    }
    for (const cluster of clusters) {
      expect(cluster.lineage).toEqual({ event: 'born', from: [], firstVersion: version });
      expect(cluster.representatives.length).toBeGreaterThan(3);
      expect(cluster.representatives[0]!.title).toMatch(/[a-z]+ [a-z]+/);
    }
    expect(value.layout.points).toHaveLength(180);
    expect(value.domains.flatMap((domain) => domain.clusters).sort((a, b) => a - b)).toEqual([0, 1, 2]);
    expect([...stages]).toEqual(expect.arrayContaining(['load', 'layout', 'label', 'publish']));
  });

  test('the next quarter keeps the ids of what stays, and says what is born and what died', async () => {
    const platform = await trained();
    await storeQ4(platform, { themes: ['vpn', 'payroll', 'badge'] });
    const { centers } = await trainQuarter(platform, q4, { signal });
    expect(centers).toMatchObject([{ version: '2026/q4/r1', promotion: 'current' }]);
    const before = (await versionAnalysis(platform, techCenter, '2026/q3/r1', signal)).value.labeled;
    const after = (await currentAnalysis(platform, techCenter, signal)).value.labeled;
    const idOf = (labeled: typeof before, word: string) =>
      labeled.clusters.find((cluster) => cluster.topic.toLowerCase().includes(word));
    for (const word of ['gateway', 'payroll']) {
      expect(idOf(after, word)).toMatchObject({
        stableId: idOf(before, word)!.stableId,
        lineage: { event: 'kept', firstVersion: '2026/q3/r1' },
      });
    }
    expect(idOf(after, 'badge')).toMatchObject({ lineage: { event: 'born', firstVersion: '2026/q4/r1' } });
    expect(after.deaths).toEqual([
      {
        stableId: idOf(before, 'printer')!.stableId,
        topic: idOf(before, 'printer')!.topic,
        lastVersion: '2026/q3/r1',
      },
    ]);
  });

  test('with a new embedding model whose predecessor is gone, stored predictions keep the ids', async () => {
    const platform = await trained();
    await storeQ4(platform);
    await predictCenter(platform, { techCenter }, signal);
    const moved: Platform = { ...platform, embeddingService: wordEmbedder('words@2', 99) };
    const { centers } = await trainQuarter(moved, q4, { signal });
    expect(centers).toMatchObject([{ status: 'ok', version: '2026/q4/r1', promotion: 'current' }]);
    const before = (await versionAnalysis(platform, techCenter, '2026/q3/r1', signal)).value.labeled;
    const { value, manifest } = await currentAnalysis(platform, techCenter, signal);
    expect(manifest.embeddingModel).toBe('words@2');
    const ids = ({ clusters }: typeof before) => clusters.map(({ stableId }) => stableId).sort();
    expect(value.labeled.clusters.map(({ lineage }) => lineage.event)).toEqual(['kept', 'kept', 'kept']);
    expect(ids(value.labeled)).toEqual(ids(before));
  });

  test('training the same data again resumes at the promotion and changes nothing', async () => {
    const platform = await trained();
    const pointer = await readPointer(platform, scope, signal);
    const { centers } = await trainQuarter(platform, q3, { signal });
    expect(centers).toMatchObject([
      { status: 'ok', resumed: true, version: '2026/q3/r1', promotion: 'current' },
    ]);
    expect(await readPointer(platform, scope, signal)).toEqual(pointer);
    expect(await listVersions(platform, scope, signal)).toHaveLength(1);
  });

  test('with no promotion asked for, the version is a candidate that `promote` makes current', async () => {
    const platform = await trained();
    await storeQ4(platform);
    const { centers } = await trainQuarter(platform, { ...q4, promote: false }, { signal });
    expect(centers).toMatchObject([{ status: 'ok', version: '2026/q4/r1', promotion: 'candidate' }]);
    expect((await readPointer(platform, scope, signal))?.pointer.version).toBe('2026/q3/r1');
    expect(await promoteCandidates(platform, {}, signal)).toEqual([
      { techCenter, version: '2026/q4/r1', state: 'current', detail: null },
    ]);
    expect(await promoteCandidates(platform, {}, signal)).toMatchObject([{ state: 'nothing' }]);
  });

  test('what a person rolled back is not promoted by training the same data again', async () => {
    const platform = await trained();
    await storeQ4(platform);
    await trainQuarter(platform, q4, { signal });
    await rollback(platform, scope, { by: 'test', reason: 'bad names' }, signal);
    const { centers } = await trainQuarter(platform, q4, { signal });
    expect(centers).toMatchObject([{ version: '2026/q4/r1', promotion: 'candidate' }]);
    expect((await readPointer(platform, scope, signal))?.pointer.version).toBe('2026/q3/r1');
    const byName = { techCenters: [techCenter], version: '2026/q4/r1' };
    expect(await promoteCandidates(platform, byName, signal)).toMatchObject([{ state: 'current' }]);
  });

  test('an older quarter trained later does not take the place of the newer version', async () => {
    const platform = await untrained();
    await storePreprocessed(platform, syntheticTickets(q3Tickets), embeddingService);
    await storeQ4(platform);
    await trainQuarter(platform, q4, { signal });
    const { centers } = await trainQuarter(platform, q3, { signal });
    expect(centers).toMatchObject([{ status: 'ok', version: '2026/q3/r1', promotion: 'superseded' }]);
    expect((await readPointer(platform, scope, signal))?.pointer.version).toBe('2026/q4/r1');
  });
});

describe('the gate of the training', () => {
  test('a version with too much noise stays a candidate, and the run says why', async () => {
    const platform = await untrained({ GATE_MAXIMUM_NOISE: '0' });
    await storePreprocessed(platform, syntheticTickets(q3Tickets), embeddingService);
    const { centers } = await trainQuarter(platform, q3, { signal });
    expect(centers).toMatchObject([
      { status: 'partial', version: '2026/q3/r1', promotion: 'refused', errorCode: 'GATE_REFUSED' },
    ]);
    expect(await readPointer(platform, scope, signal)).toBeUndefined();
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'model.gate.refused',
      value: 1,
      dimensions: { scope, reason: 'noise' },
    });
    const again = await trainQuarter(platform, q3, { signal });
    expect(again.centers).toMatchObject([{ resumed: true, promotion: 'refused' }]);
    expect(await promoteCandidates(platform, {}, signal)).toMatchObject([{ state: 'refused' }]);
    expect(await predictCenter(platform, { techCenter }, signal)).toMatchObject({ status: 'skipped' });
  });
});

describe('many tech centres', () => {
  const centers = ['Alpha', 'Beta', 'Gamma'];
  const store = async (platform: Platform, names: readonly string[]) => {
    for (const name of names) {
      const tickets = syntheticTickets({
        ...q3Tickets,
        techCenter: name,
        themes: ['vpn', 'printer'],
        perTheme: 30,
      });
      await storePreprocessed(platform, tickets, embeddingService);
    }
  };

  test('a centre that fails is reported, one with few rows is skipped, and the others go on', async () => {
    const platform = await untrained();
    await store(platform, centers);
    const few = syntheticTickets({ ...q3Tickets, techCenter: 'Small', perTheme: 3 });
    await storePreprocessed(platform, few, embeddingService);
    const failing: Platform = {
      ...platform,
      warehouse: {
        ...platform.warehouse,
        preprocessedBetween: (query, limited) =>
          query.techCenter === 'Beta'
            ? Promise.reject(new QuarterdeckError('WAREHOUSE_UNAVAILABLE', 'no answer'))
            : platform.warehouse.preprocessedBetween(query, limited),
      },
    };
    const report = await trainQuarter(failing, q3, { signal });
    expect(Object.fromEntries(report.centers.map((center) => [center.techCenter, center]))).toMatchObject({
      Alpha: { status: 'ok', promotion: 'current' },
      Beta: { status: 'failed', errorCode: 'WAREHOUSE_UNAVAILABLE', version: null },
      Gamma: { status: 'ok', promotion: 'current' },
      Small: { status: 'skipped', rows: 9, detail: '9 rows with content, at least 50 are needed' },
    });
    const runs = await platform.warehouse.runs({ pipeline: 'train', limit: 10 }, signal);
    expect(runs.map(({ scope: name, status }) => `${name} ${status}`).sort()).toEqual([
      'Alpha ok',
      'Beta failed',
      'Gamma ok',
      'Small skipped',
    ]);
  });

  test('two trainers at once share the centres, and each version is published and promoted once', async () => {
    const platform = await untrained();
    await store(platform, centers);
    const reports = await Promise.all([1, 2].map(() => trainQuarter(platform, q3, { signal })));
    for (const { centers: reported } of reports) {
      expect(reported.map(({ promotion }) => promotion)).toEqual(['current', 'current', 'current']);
    }
    for (const name of centers) {
      expect(await listVersions(platform, techCenterScope(name), signal)).toEqual([
        { version: '2026/q3/r1', promoted: true, withdrawn: false },
      ]);
    }
    expect(platform.telemetry.metrics.filter(({ name }) => name === 'model.promoted')).toHaveLength(3);
  });

  test('a trainer that does not wait leaves to others what they hold', async () => {
    const platform = await untrained();
    await store(platform, ['Alpha']);
    const lease = await platform.blobs.acquireLease('train/2026q3/Alpha', { signal });
    const { centers: reported } = await trainQuarter(platform, { ...q3, waitForOthers: false }, { signal });
    expect(reported).toMatchObject([{ techCenter: 'Alpha', status: 'elsewhere', version: null }]);
    await lease.release();
  });

  test('a centre whose trainer died is taken over', async () => {
    const platform = await untrained();
    await store(platform, ['Alpha']);
    const lease = await platform.blobs.acquireLease('train/2026q3/Alpha', { signal });
    let polls = 0;
    const waiting: Platform = {
      ...platform,
      clock: {
        ...platform.clock,
        sleep: async () => {
          if (++polls === 2) await lease.release();
        },
      },
    };
    const { centers: reported } = await trainQuarter(waiting, q3, { signal });
    expect(reported).toMatchObject([{ status: 'ok', promotion: 'current', resumed: false }]);
    expect(polls).toBe(2);
  });

  test('an abort ends the training with ABORTED, publishes nothing, and frees the centre', async () => {
    const platform = await untrained();
    await store(platform, ['Alpha']);
    const controller = new AbortController();
    const stopped = trainQuarter(platform, q3, {
      signal: controller.signal,
      onProgress: (_, { stage }) => {
        if (stage === 'layout') controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await listVersions(platform, techCenterScope('Alpha'), signal)).toEqual([]);
    const { centers: reported } = await trainQuarter(platform, q3, { signal });
    expect(reported).toMatchObject([{ status: 'ok', promotion: 'current' }]);
  });
});
