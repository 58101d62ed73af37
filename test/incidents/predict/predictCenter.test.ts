import { describe, expect, test } from '@jest/globals';
import { parquetReadObjects } from 'hyparquet';
import { predictCenter } from '../../../src/incidents/predict/predictCenter';
import { trainQuarter } from '../../../src/incidents/train/trainQuarter';
import type { Platform } from '../../../src/platform/platform';
import { techCenterScope } from '../../../src/registry';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets, wordEmbedder } from '../../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const platforms = withPlatform();
const trained = async (environment: Record<string, string> = {}) => {
  const platform = await platforms({ overrides: { embeddingService }, environment });
  await trainCenterOn(platform);
  return platform;
};
const predictions = (platform: Platform, modelVersion = '2026/q3/r1') =>
  platform.warehouse.predictionsBetween({ techCenter, modelVersion, limit: 10_000 }, signal);

/** Numbers in every archived file, by file. */
async function archived(platform: Platform): Promise<string[][]> {
  const files: string[][] = [];
  for await (const { name } of platform.blobs.list('predictions/', signal)) {
    if (!name.endsWith('.parquet')) continue;
    const { bytes } = await platform.blobs.read(name, signal);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    const rows = await parquetReadObjects({ file, columns: ['number'] });
    files.push(rows.map((row) => String(row['number'])).sort());
  }
  return files;
}

describe('predicting a tech centre', () => {
  test('stores every row of the window once, with topic, domain and strength, and archives them', async () => {
    const platform = await trained({ PREDICT_PAGE_SIZE: '40' });
    const before = syntheticTickets({
      ...q3Tickets,
      perTheme: 5,
      from: '2026-06-01T00:00:00Z',
      first: 5_000,
    });
    await storePreprocessed(platform, before, embeddingService);
    const run = await predictCenter(platform, { techCenter }, signal);
    expect(run).toMatchObject({ status: 'ok', counts: { rows: 150 }, errorCode: null });

    const rows = await predictions(platform);
    expect(rows).toHaveLength(150);
    const vpn = rows.filter((_, index) => index % 3 === 0);
    const [cluster] = vpn.map((row) => row.predictedCluster);
    for (const row of vpn) {
      expect(row).toMatchObject({
        predictedCluster: cluster,
        clusterTopic: expect.stringContaining('gateway'),
      });
      expect(row.domainName).not.toBe('');
      expect(row.confidenceScore).toBeGreaterThan(0);
    }
    expect(await archived(platform)).toEqual([rows.map((row) => row.number).sort()]);

    const again = await predictCenter(platform, { techCenter }, signal);
    expect(again).toMatchObject({ status: 'ok', counts: { rows: 0 } });
    expect(await archived(platform)).toHaveLength(1);
  });

  test('with PREDICT_HISTORY all, rows from before the training window are predicted too', async () => {
    const platform = await trained({ PREDICT_HISTORY: 'all' });
    const before = syntheticTickets({
      ...q3Tickets,
      perTheme: 5,
      from: '2026-06-01T00:00:00Z',
      first: 5_000,
    });
    await storePreprocessed(platform, before, embeddingService);
    expect(await predictCenter(platform, { techCenter }, signal)).toMatchObject({ counts: { rows: 165 } });
  });

  test('a row of the window that is preprocessed after later ones were predicted is predicted too', async () => {
    const platform = await trained();
    await predictCenter(platform, { techCenter }, signal);
    const late = syntheticTickets({ ...q3Tickets, perTheme: 2, first: 5_000 });
    await storePreprocessed(platform, late, embeddingService);
    expect(await predictCenter(platform, { techCenter }, signal)).toMatchObject({ counts: { rows: 6 } });
    const [number] = late.map((ticket) => ticket.number);
    expect(await platform.warehouse.predictionsOf(number!, signal)).toHaveLength(1);
  });

  test('rows of another embedding model are embedded again with the model’s own', async () => {
    const platform = await trained();
    const foreign = syntheticTickets({
      ...q3Tickets,
      perTheme: 5,
      from: '2026-10-01T00:00:00Z',
      first: 7_000,
    });
    await storePreprocessed(platform, foreign, wordEmbedder('words@2', 99));
    await predictCenter(platform, { techCenter }, signal);
    const byNumber = new Map((await predictions(platform)).map((row) => [row.number, row]));
    const [first] = syntheticTickets(q3Tickets);
    for (const row of foreign.filter((_, index) => index % 3 === 0)) {
      expect(byNumber.get(row.number)?.predictedCluster).toBe(byNumber.get(first!.number)?.predictedCluster);
    }
  });

  test('a text without content is noise and has no nearest theme', async () => {
    const platform = await trained();
    const [ticket] = syntheticTickets({
      ...q3Tickets,
      perTheme: 1,
      from: '2026-10-01T00:00:00Z',
      first: 7_000,
    });
    await storePreprocessed(
      platform,
      [{ ...ticket!, shortDescription: '123', description: '456' }],
      embeddingService,
    );
    await predictCenter(platform, { techCenter }, signal);
    expect((await predictions(platform)).at(-1)).toMatchObject({
      number: ticket!.number,
      predictedCluster: -1,
      clusterTopic: '',
      confidenceScore: 0,
    });
  });

  test('a ticket of a kind never seen is noise, with its nearest theme as a suggestion', async () => {
    const platform = await trained();
    const novel = syntheticTickets({
      ...q3Tickets,
      themes: ['badge'],
      perTheme: 8,
      from: '2026-10-01T00:00:00Z',
      first: 7_000,
    });
    await storePreprocessed(platform, novel, embeddingService);
    const run = await predictCenter(platform, { techCenter }, signal);
    const rows = await predictions(platform);
    for (const row of rows.slice(-8)) {
      expect(row).toMatchObject({ predictedCluster: -1, confidenceScore: 0 });
      expect(row.clusterTopic).not.toBe('');
      expect(row.domainName).not.toBe('');
    }
    expect(rows.slice(0, -8).filter((row) => row.predictedCluster === -1).length).toBeLessThan(8);
    expect(run.counts['noise']).toBe(rows.filter((row) => row.predictedCluster === -1).length);
  });

  test('a damaged current version: the one before predicts, and run, metric and prediction say so', async () => {
    const platform = await trained();
    const next = syntheticTickets({ ...q3Tickets, from: '2026-10-01T00:00:00Z', first: 1_000 });
    await storePreprocessed(platform, next, embeddingService);
    const q4 = { year: 2026, quarter: 'q4', maxWorkers: 1, promote: true } as const;
    await trainQuarter(platform, q4, { signal });
    const name = `${techCenterScope(techCenter)}/2026/q4/r1/analysis/labeled_clusters.json`;
    const { bytes } = await platform.blobs.read(name, signal);
    bytes[10]! ^= 1;
    await platform.blobs.write(name, bytes, { signal });
    const run = await predictCenter(platform, { techCenter }, signal);
    expect(run).toMatchObject({
      status: 'ok',
      counts: { rows: 300 },
      detail: 'used 2026/q3/r1 instead of 2026/q4/r1',
    });
    expect(await predictions(platform, '2026/q3/r1')).toHaveLength(300);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'model.fallback',
      value: 1,
      dimensions: { scope: techCenterScope(techCenter), wanted: '2026/q4/r1', used: '2026/q3/r1' },
    });
  });

  test('of two runs at once one works and the other is skipped', async () => {
    const platform = await trained();
    const runs = await Promise.all([1, 2].map(() => predictCenter(platform, { techCenter }, signal)));
    expect(runs.map((run) => run.status).sort()).toEqual(['ok', 'skipped']);
    expect(await predictions(platform)).toHaveLength(150);
    expect(await archived(platform)).toHaveLength(1);
  });

  test('a centre without a model is skipped and says so', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await storePreprocessed(platform, syntheticTickets(q3Tickets), embeddingService);
    const run = await predictCenter(platform, { techCenter }, signal);
    expect(run).toMatchObject({ status: 'skipped', detail: expect.stringContaining('no model version') });
    expect(await platform.warehouse.runs({ pipeline: 'predict', limit: 5 }, signal)).toHaveLength(1);
  });

  test('when every version is damaged the centre is skipped; nothing is stored under a damaged model', async () => {
    const platform = await trained();
    const name = `${techCenterScope(techCenter)}/2026/q3/r1/clustering/umap_reducer`;
    const { bytes } = await platform.blobs.read(name, signal);
    await platform.blobs.write(name, bytes.slice(0, bytes.length - 100), { signal });
    const run = await predictCenter({ ...platform, blobs: { ...platform.blobs } }, { techCenter }, signal);
    expect(run).toMatchObject({ status: 'skipped' });
    expect(await predictions(platform)).toEqual([]);
  });

  test('an abort is passed on, and the next run finishes the work', async () => {
    const platform = await trained({ PREDICT_PAGE_SIZE: '40' });
    const controller = new AbortController();
    const stopping: Platform = {
      ...platform,
      warehouse: {
        ...platform.warehouse,
        mergePredictions: async (rows, limited) => {
          await platform.warehouse.mergePredictions(rows, limited);
          controller.abort();
        },
      },
    };
    await expect(predictCenter(stopping, { techCenter }, controller.signal)).rejects.toMatchObject({
      name: 'QuarterdeckError',
    });
    expect(await predictions(platform)).toHaveLength(40);
    const run = await predictCenter(platform, { techCenter }, signal);
    expect(run).toMatchObject({ status: 'ok', counts: { rows: 110, recovered: 40 } });
    const files = await archived(platform);
    expect(files.map((file) => file.length).sort((a, b) => a - b)).toEqual([40, 110]);
    expect(new Set(files.flat()).size).toBe(150);
  });
});
