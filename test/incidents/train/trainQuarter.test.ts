import { describe, expect, test } from '@jest/globals';
import { currentAnalysis } from '../../../src/incidents/model/currentModel';
import { trainQuarter } from '../../../src/incidents/train/trainQuarter';
import { listVersions, readManifest, readPointer, techCenterScope } from '../../../src/registry';
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
    console.log(JSON.stringify(report, null, 1), [...stages]);
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
    console.log(
      JSON.stringify(
        value.labeled.clusters.map(({ centroid, ...rest }) => rest),
        null,
        1,
      ),
      JSON.stringify(value.domains),
    );
    console.log(
      await readPointer(platform, techCenterScope('Service Desk'), signal),
      await readManifest(platform, techCenterScope('Service Desk'), version, signal),
      await listVersions(platform, techCenterScope('Service Desk'), signal),
    );
  });
});
