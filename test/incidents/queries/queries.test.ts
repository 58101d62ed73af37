import { describe, expect, test } from '@jest/globals';
import type { QuarantinedRow } from '../../../src/contracts';
import * as http from '../../../src/contracts/http';
import {
  classifyTexts,
  clusterDetail,
  clusterMap,
  incidentDetail,
  listClusters,
  listRuns,
  pipelineStatus,
  predictCenter,
  searchIncidents,
} from '../../../src/incidents';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets } from '../../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter, trainCenterOn } from '../../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const platforms = withPlatform();
const predicted = async () => {
  const platform = await platforms({ overrides: { embeddingService } });
  await trainCenterOn(platform);
  await predictCenter(platform, { techCenter }, signal);
  return platform;
};

describe('what the console and HTTP read', () => {
  test('clusters with size, share, weeks and domain, as their schema says', async () => {
    const platform = await predicted();
    const list = http.clusterListSchema.parse(await listClusters(platform, { techCenter }, signal));
    expect(list).toMatchObject({ techCenter, version: '2026/q3/r1', predicted: 150, deaths: [] });
    expect(list.clusters.reduce((sum, cluster) => sum + cluster.size, 0) + list.noise).toBe(150);
    for (const cluster of list.clusters) {
      expect(cluster).toMatchObject({ isNew: true, event: 'born', trend: null });
      expect(cluster.weeks.reduce((sum, week) => sum + week.incidents, 0)).toBe(cluster.size);
    }
    expect(list.domains.flatMap((domain) => domain.clusters).sort()).toEqual(
      list.clusters.map((cluster) => cluster.id).sort(),
    );
    expect(await listClusters(platform, { techCenter, version: '2026/q3/r1' }, signal)).toEqual(list);
  });

  test('before the first prediction, sizes are those of the training', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await trainCenterOn(platform);
    const list = http.clusterListSchema.parse(await listClusters(platform, { techCenter }, signal));
    expect(list.predicted).toBe(0);
    expect(list.clusters.map((cluster) => cluster.size)).toEqual([50, 50, 50]);
  });

  test('one cluster by its id, with or without its centre', async () => {
    const platform = await predicted();
    const [first] = (await listClusters(platform, { techCenter }, signal)).clusters;
    const detail = http.clusterDetailSchema.parse(await clusterDetail(platform, { id: first!.id }, signal));
    expect(detail).toMatchObject({ ...first, techCenter, lineage: { event: 'born', from: [] } });
    expect(detail.newest.length).toBeGreaterThan(10);
    const times = detail.newest.map((ticket) => ticket.createdOn);
    expect(times).toEqual([...times].sort().reverse());
    expect(detail.representatives[0]!.title).toMatch(/[a-z]/);
    expect(await clusterDetail(platform, { techCenter, id: first!.id }, signal)).toEqual(detail);
    await expect(clusterDetail(platform, { id: 'c-00000000' }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('the map has a dot for every ticket and a centre for every cluster', async () => {
    const platform = await predicted();
    const map = http.clusterMapSchema.parse(await clusterMap(platform, { techCenter }, signal));
    expect(map.points).toHaveLength(150);
    expect(map.clusters).toHaveLength(3);
    for (const { cluster, x, y } of map.clusters) {
      const members = map.points.filter((point) => point.cluster === cluster);
      expect(members.reduce((sum, point) => sum + point.x, 0) / members.length).toBeCloseTo(x, 3);
      expect(members.reduce((sum, point) => sum + point.y, 0) / members.length).toBeCloseTo(y, 3);
    }
  });

  test('a ticket with its summary and predictions, and the search for it', async () => {
    const platform = await predicted();
    const [ticket] = syntheticTickets(q3Tickets);
    const { clusters } = await listClusters(platform, { techCenter }, signal);
    const detail = http.incidentDetailSchema.parse(
      await incidentDetail(platform, { number: ticket!.number }, signal),
    );
    const vpn = clusters.find((cluster) => cluster.topic.toLowerCase().includes('gateway'))!;
    expect(detail.predictions).toEqual([
      expect.objectContaining({ clusterId: vpn.id, topic: vpn.topic, isSuggestion: false }),
    ]);
    expect(detail.summary).toContain('vpn');
    const search = http.incidentSearchSchema.parse(
      await searchIncidents(platform, { search: ticket!.number, limit: 5 }, signal),
    );
    expect(search.incidents).toEqual([
      expect.objectContaining({ number: ticket!.number, clusterId: vpn.id, topic: vpn.topic }),
    ]);
    await expect(incidentDetail(platform, { number: 'INC-NONE' }, signal)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('a search names the newest prediction of every hit, and none for a ticket without one', async () => {
    const platform = await predicted();
    const [first, second] = syntheticTickets(q3Tickets);
    const [unseen] = syntheticTickets({ ...q3Tickets, first: 9_000 });
    await platform.warehouse.mergeIncidents([unseen!], signal);
    const [older] = await platform.warehouse.predictionsOf(first!.number, signal);
    const newer = {
      ...older!,
      modelVersion: '2026/q4/r1',
      clusterTopic: 'a later topic',
      predictedAt: '2099-01-01T00:00:00.000000Z',
    };
    await platform.warehouse.mergePredictions([newer], signal);
    const topicOf = new Map<string, string | null>();
    for (const { number } of [first!, second!, unseen!]) {
      const { incidents } = await searchIncidents(platform, { search: number, limit: 5 }, signal);
      topicOf.set(number, incidents[0]!.topic);
    }
    const [other] = await platform.warehouse.predictionsOf(second!.number, signal);
    expect([...topicOf.values()]).toEqual(['a later topic', other!.clusterTopic, null]);
    const { incidents } = await searchIncidents(platform, { search: 'vpn', limit: 200 }, signal);
    expect(incidents).toHaveLength(51);
    expect(incidents.filter(({ topic }) => topic === null)).toHaveLength(1);
  });

  test('a ticket that was set aside says why, however many rows were set aside after it', async () => {
    const platform = await predicted();
    const [ticket] = syntheticTickets({ ...q3Tickets, first: 9_000 });
    await platform.warehouse.mergeIncidents([ticket!], signal);
    const setAside: QuarantinedRow = {
      source: 'preprocess',
      key: ticket!.number,
      reasonCode: 'TEXT_EMPTY',
      detail: 'no text is left',
      rowJson: '{}',
      at: '2026-10-05T12:00:00.000000Z',
    };
    const later = Array.from({ length: 6_000 }, (_, index): QuarantinedRow => ({
      ...setAside,
      key: `LATER${index}`,
      detail: 'another ticket',
      at: '2026-10-06T12:00:00.000000Z',
    }));
    const imported = { ...setAside, source: 'import', detail: 'a row of a file' };
    await platform.warehouse.mergeQuarantined([setAside, imported, ...later], signal);
    const detail = await incidentDetail(platform, { number: ticket!.number }, signal);
    expect(detail).toMatchObject({
      summary: null,
      predictions: [],
      quarantined: { reasonCode: 'TEXT_EMPTY', detail: 'no text is left' },
    });
  });

  test('texts are classified as if they were tickets, and nothing is stored', async () => {
    const platform = await predicted();
    const { clusters } = await listClusters(platform, { techCenter }, signal);
    const texts = ['<p>printer paper toner tray jam</p>', '???', 'vpn tunnel token remote gateway office'];
    const answer = http.classifySchema.parse(await classifyTexts(platform, { techCenter, texts }, signal));
    const idOf = (word: string) => clusters.find(({ topic }) => topic.toLowerCase().includes(word))!.id;
    expect(answer.results.map((result) => result.clusterId)).toEqual([
      idOf('printer'),
      null,
      idOf('gateway'),
    ]);
    expect(answer.results[1]).toMatchObject({ cluster: -1, isSuggestion: false, reason: 'no known words' });
    expect((await platform.warehouse.centerCounts(signal))[0]).toMatchObject({ predicted: 150 });
    await expect(classifyTexts(platform, { techCenter: 'Nobody', texts }, signal)).rejects.toMatchObject({
      code: 'MODEL_MISSING',
    });
  });

  test('the status tells versions, runs, what is due and what waits in queues', async () => {
    const platform = await predicted();
    await storePreprocessed(
      platform,
      syntheticTickets({ ...q3Tickets, techCenter: 'Untrained', perTheme: 2 }),
      embeddingService,
    );
    await platform.queues.send('predict-requests', [{ techCenter }], signal);
    const status = http.statusSchema.parse(await pipelineStatus(platform, signal));
    expect(status.centers).toEqual([
      expect.objectContaining({
        techCenter,
        state: 'ready',
        predicted: 150,
        modelVersion: '2026/q3/r1',
        clusters: 3,
        fallback: null,
        lastRuns: expect.objectContaining({
          preprocess: null,
          train: expect.objectContaining({ status: 'ok' }),
        }),
      }),
      expect.objectContaining({ techCenter: 'Untrained', state: 'untrained', modelVersion: null }),
    ]);
    expect(status.nextTrainingDue).toBe('2027-01-01T00:00:00.000000Z');
    expect(status.trainingOverdue).toBe(false);
    expect(status.queues).toContainEqual({ queue: 'predict-requests', waiting: 1, poison: 0 });
    platform.clock.advance(101 * 86_400_000);
    const later = await pipelineStatus(platform, signal);
    expect(later).toMatchObject({ trainingOverdue: true, centers: [{ state: 'overdue' }, {}] });
    const { runs } = http.runsSchema.parse(await listRuns(platform, { techCenter, limit: 10 }, signal));
    expect(runs.map((run) => run.pipeline).sort()).toEqual(['predict', 'train']);
  });
});
