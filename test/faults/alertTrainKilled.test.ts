import { describe, expect, test } from '@jest/globals';
import { alertClusterScope, alertModelFiles, currentAlertModel } from '../../src/alerts/model';
import { archiveAlerts, trainAlertClusters } from '../../src/alerts/train';
import { listVersions, readManifest } from '../../src/registry';
import { alertsOfKinds, kindColumns } from '../alerts/train/kindsOfAlerts';
import { killedPlatform } from '../support/killedPlatform';
import { withPlatform } from '../support/platform';

const platformOf = withPlatform();
const signal = AbortSignal.timeout(240_000);

/** More than a training makes: the loop ends at the first step that no longer kills. */
const mostSteps = 40;

describe('a training of alerts that is killed', () => {
  test.each(['before', 'after'] as const)(
    '%s any of its changes: the next one ends with a whole current version, and no number comes twice',
    async (when) => {
      let kills = 0;
      for (let step = 1; step < mostSteps; step++) {
        const platform = await platformOf();
        await archiveAlerts(platform, alertsOfKinds([0, 1, 2], 30), signal);
        const { platform: doomed, killed } = killedPlatform(platform, step, when);
        await trainAlertClusters(doomed, {}, { signal }).catch(() => undefined);
        if (!killed()) break;
        kills++;

        // Readers never see half of it: there is no model, or a whole one.
        const reader = { ...platform, blobs: { ...platform.blobs } };
        const seen = await currentAlertModel(reader, signal, kindColumns);
        expect(seen === undefined || seen.metadata.n_clusters === 3).toBe(true);

        const report = await trainAlertClusters(platform, {}, { signal });
        expect(report).toMatchObject({ status: 'promoted', metrics: { clusters: 3 } });
        const [only, ...more] = await listVersions(platform, alertClusterScope, signal);
        expect(more).toEqual([]);
        expect(only).toEqual({ version: report.version, promoted: true, withdrawn: false });
        const { files } = await readManifest(platform, alertClusterScope, only!.version, signal);
        expect(files.length).toBe(Object.keys(alertModelFiles).length);
        expect((await currentAlertModel(reader, signal, kindColumns))?.version).toBe(report.version);
      }
      expect(kills).toBeGreaterThan(12);
    },
    120_000,
  );
});
