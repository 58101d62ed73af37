import { describe, expect, test } from '@jest/globals';
import { currentAnalysis } from '../../../src/incidents/model/currentModel';
import { trainQuarter } from '../../../src/incidents/train/trainQuarter';
import { withPlatform } from '../../support/platform';
import { storePreprocessed, syntheticTickets, wordEmbedder } from '../../support/syntheticTickets';

const signal = AbortSignal.timeout(300_000);
const q3 = { year: 2026, quarter: 'q3', maxWorkers: 2, promote: true } as const;
const embeddingService = wordEmbedder();
const platforms = withPlatform();

describe('training a quarter', () => {
  test('finds the themes, names them, and makes the version current', async () => {
    const platform = await platforms({ overrides: { embeddingService } });
    await storePreprocessed(
      platform,
      syntheticTickets({
        techCenter: 'Service Desk',
        themes: ['vpn', 'printer', 'payroll'],
        perTheme: 60,
        from: '2026-07-01T00:00:00Z',
      }),
      embeddingService,
    );
    const stages = new Set<string>();
    const report = await trainQuarter(platform, q3, {
      signal,
      onProgress: (_, { stage }) => stages.add(stage),
    });
    expect(report.centers).toEqual([
      expect.objectContaining({
        techCenter: 'Service Desk',
        status: 'ok',
        version: '2026/q3/r1',
        promotion: 'current',
        rows: 180,
      }),
    ]);
    const { value, version } = await currentAnalysis(platform, 'Service Desk', signal);
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
});
