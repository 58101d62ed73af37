import { describe, expect, test } from '@jest/globals';
import { clusterDetail, listClusters, predictCenter, trainQuarter } from '../../../src/incidents';
import { joinWeeks } from '../../../src/incidents/queries/weeks';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets, type TicketOrder } from '../../support/syntheticTickets';
import { embeddingService, techCenter, trainCenterOn } from '../../support/trainedCenter';

const signal = AbortSignal.timeout(300_000);
const platforms = withPlatform();

/** Ten days each, across the end of a quarter: the last week of September is seen by both versions. */
const before: TicketOrder = {
  techCenter,
  themes: ['vpn', 'printer', 'payroll'],
  perTheme: 80,
  from: '2026-09-20T00:00:00Z',
};
const after: TicketOrder = { ...before, from: '2026-10-01T00:00:00Z', first: 1_000, seed: 8 };

describe('the history of a theme over versions', () => {
  test('weeks of the version before stand under the same id, and every ticket once', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await trainCenterOn(platform, before);
    await storePreprocessed(platform, syntheticTickets(after), embeddingService);
    await predictCenter(platform, { techCenter }, signal);
    const first = await listClusters(platform, { techCenter }, signal);
    const control = { signal };
    await trainQuarter(platform, { year: 2026, quarter: 'q4', maxWorkers: 1, promote: true }, control);
    await predictCenter(platform, { techCenter }, signal);

    const second = await listClusters(platform, { techCenter }, signal);
    expect(second.version).toBe('2026/q4/r1');
    expect(second.clusters.map(({ id }) => id).sort()).toEqual(first.clusters.map(({ id }) => id).sort());
    for (const cluster of second.clusters) {
      // This version has predicted its own quarter alone …
      expect(cluster.size).toBe(80);
      // … and the weeks reach back into the quarter before.
      expect(cluster.weeks[0]!.week).toBe('2026-09-14T00:00:00.000000Z');
      expect(cluster.weeks.reduce((sum, { incidents }) => sum + incidents, 0)).toBe(160);
      const detail = await clusterDetail(platform, { techCenter, id: cluster.id }, signal);
      expect(detail.weeks).toEqual(cluster.weeks);
    }
  });

  test('of a week that two versions know, the larger count is the whole of it', () => {
    const weeks = (...counts: number[]) =>
      counts.map((incidents, index) => ({
        week: `2026-10-${String(5 + 7 * index).padStart(2, '0')}`,
        incidents,
      }));
    expect(joinWeeks(weeks(9, 4), weeks(0, 6, 2))).toEqual(weeks(9, 6, 2));
  });
});
