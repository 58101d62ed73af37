import { describe, expect, it } from '@jest/globals';
import type { Warehouse } from '../../../src/platform/warehouse/warehouse';
import {
  consolidatedAlert,
  deduplicatedAlert,
  groupingRun,
  mappingStatistic,
  storedCluster,
  storedFeedback,
  storedGroup,
} from '../../support/alerts/groupingRows';

const later = '2026-07-01T09:15:00.000000Z';

export function alertGroupContract(warehouse: () => Warehouse, signal: () => AbortSignal): void {
  const ids = async (query: Parameters<Warehouse['countAlertGroups']>[0]): Promise<string[]> => {
    const found = await warehouse().alertGroups({ ...query, limit: 10, offset: 0 }, signal());
    expect(await warehouse().countAlertGroups(query, signal())).toBe(found.length);
    return found.map(({ groupId }) => groupId);
  };

  describe('grouping results', () => {
    it('give back every row as it was stored, once, however often it is stored', async () => {
      for (let time = 0; time < 2; time++) {
        await warehouse().mergeConsolidatedAlerts([consolidatedAlert()], signal());
        await warehouse().mergeAlertGroups([storedGroup()], signal());
        await warehouse().mergeAlertClusters([storedCluster()], signal());
        await warehouse().mergeDeduplicatedAlerts([deduplicatedAlert()], signal());
        await warehouse().mergeAlertMappingStatistics([mappingStatistic()], signal());
        await warehouse().recordAlertGrouping(groupingRun(), signal());
      }
      const page = { runId: 'run-1', limit: 10, offset: 0 };
      expect(await warehouse().consolidatedAlerts(page, signal())).toEqual([consolidatedAlert()]);
      expect(await warehouse().alertGroupsOfRun('run-1', signal())).toEqual([storedGroup()]);
      expect(await warehouse().alertClusters('run-1', signal())).toEqual([storedCluster()]);
      expect(await warehouse().deduplicatedAlerts(page, signal())).toEqual([deduplicatedAlert()]);
      expect(await warehouse().alertMappingStatistics('run-1', signal())).toEqual([mappingStatistic()]);
      expect(await warehouse().alertGroupingRuns({ limit: 10 }, signal())).toEqual([groupingRun()]);
    });

    it('of a run that is not recorded yet show no group', async () => {
      await warehouse().mergeAlertGroups([storedGroup()], signal());
      expect(await ids({})).toEqual([]);
      expect(await warehouse().alertGroup('g-aaaaaa', signal())).toBeUndefined();
      await warehouse().recordAlertGrouping(groupingRun(), signal());
      expect(await ids({})).toEqual(['g-aaaaaa']);
      expect(await warehouse().alertGroup('g-aaaaaa', signal())).toEqual(storedGroup());
    });

    it('show each group as its newest run has it, and none that another one took over', async () => {
      await warehouse().mergeAlertGroups(
        [
          storedGroup(),
          storedGroup({ runId: 'run-2', runAt: later, importance: 40, state: 'resolved' }),
          storedGroup({ groupId: 'g-bbbbbb' }),
          storedGroup({ runId: 'run-2', runAt: later, groupId: 'g-bbbbbb', supersededBy: 'g-aaaaaa' }),
          storedGroup({ groupId: 'g-cccccc', importance: 55 }),
        ],
        signal(),
      );
      await warehouse().recordAlertGrouping(groupingRun(), signal());
      await warehouse().recordAlertGrouping(groupingRun({ runId: 'run-2', runAt: later }), signal());
      expect(await ids({})).toEqual(['g-cccccc', 'g-aaaaaa']);
      expect(await ids({ state: 'open' })).toEqual(['g-cccccc']);
      expect((await warehouse().alertGroup('g-bbbbbb', signal()))?.supersededBy).toBe('g-aaaaaa');
      expect(await warehouse().alertGroupsOfRun('run-2', signal())).toHaveLength(1);
    });

    it('are found by each filter, and page by page', async () => {
      await warehouse().mergeAlertGroups(
        [
          storedGroup({ groupId: 'g-aaaaaa', importance: 80 }),
          storedGroup({ groupId: 'g-bbbbbb', importance: 60.5, severity: 'warning', serviceIds: '\nmail\n' }),
          storedGroup({
            groupId: 'g-cccccc',
            importance: 20,
            name: 'Mail: queue GROWS',
            lastAt: '2026-06-30T00:00:00.000000Z',
            state: 'resolved',
          }),
          // What fires on without a new alert is not over.
          storedGroup({ groupId: 'g-dddddd', importance: 10, lastAt: '2026-06-30T00:00:00.000000Z' }),
        ],
        signal(),
      );
      await warehouse().recordAlertGrouping(groupingRun(), signal());
      expect(await ids({ severity: 'warning' })).toEqual(['g-bbbbbb']);
      expect(await ids({ service: 'mail' })).toEqual(['g-bbbbbb']);
      expect(await ids({ service: 'pay' })).toEqual([]);
      expect(await ids({ minimumImportance: 60.5 })).toEqual(['g-aaaaaa', 'g-bbbbbb']);
      expect(await ids({ text: 'grows mail' })).toEqual(['g-cccccc']);
      expect(await ids({ from: '2026-07-01T00:00:00.000000Z' })).toEqual([
        'g-aaaaaa',
        'g-bbbbbb',
        'g-dddddd',
      ]);
      const second = await warehouse().alertGroups({ limit: 1, offset: 1 }, signal());
      expect(second.map(({ groupId }) => groupId)).toEqual(['g-bbbbbb']);
    });

    it('list members with primaries first, of one group or of all, and say who is in which group', async () => {
      const primary = consolidatedAlert();
      const symptom = consolidatedAlert({ alertId: 'a0', role: 'symptom', primaryId: 'a1' });
      const elsewhere = consolidatedAlert({ alertId: 'a2', groupId: 'g-bbbbbb', role: 'duplicate' });
      const kept = consolidatedAlert({ alertId: 'a3', groupId: null, role: 'suppressed', cluster: null });
      await warehouse().mergeConsolidatedAlerts([kept, elsewhere, symptom, primary], signal());
      const page = { runId: 'run-1', limit: 10, offset: 0 };
      expect(await warehouse().consolidatedAlerts({ ...page, groupId: 'g-aaaaaa' }, signal())).toEqual([
        primary,
        symptom,
      ]);
      const second = await warehouse().consolidatedAlerts({ ...page, limit: 1, offset: 1 }, signal());
      expect(second).toEqual([symptom]);
      expect(await warehouse().alertGroupMembers('run-1', signal())).toEqual([
        { alertId: 'a0', groupId: 'g-aaaaaa' },
        { alertId: 'a1', groupId: 'g-aaaaaa' },
        { alertId: 'a2', groupId: 'g-bbbbbb' },
      ]);
    });

    it('of runs are listed newest first, by id, or before a time', async () => {
      const first = groupingRun();
      const second = groupingRun({
        runId: 'run-2',
        runAt: later,
        modelVersion: 'v3',
        scope: 'file alerts.csv',
      });
      await warehouse().recordAlertGrouping(first, signal());
      await warehouse().recordAlertGrouping(second, signal());
      expect(await warehouse().alertGroupingRuns({ limit: 10 }, signal())).toEqual([second, first]);
      expect(await warehouse().alertGroupingRuns({ limit: 10, before: later }, signal())).toEqual([first]);
      expect(await warehouse().alertGroupingRuns({ limit: 10, runId: 'run-2' }, signal())).toEqual([second]);
      expect(await warehouse().alertGroupingRuns({ limit: 10, scope: 'all' }, signal())).toEqual([first]);
    });
  });

  describe('feedback on groups', () => {
    it('is kept once per id, in the order in which it was given, and counted by group', async () => {
      const first = storedFeedback({ note: 'same deploy' });
      const split = storedFeedback({
        feedbackId: 'feedback-0',
        kind: 'split',
        at: '2026-07-01T11:00:00.000000Z',
      });
      const other = storedFeedback({ feedbackId: 'feedback-2', groupId: 'g-bbbbbb' });
      await warehouse().mergeAlertFeedback([split, first, other], signal());
      await warehouse().mergeAlertFeedback([first], signal());
      expect(await warehouse().alertFeedback({ groupId: 'g-aaaaaa', limit: 10 }, signal())).toEqual([
        first,
        split,
      ]);
      expect(await warehouse().alertFeedback({ limit: 10 }, signal())).toHaveLength(3);
      // Where not all is read, the newest is.
      expect(await warehouse().alertFeedback({ limit: 2 }, signal())).toEqual([other, split]);
      expect(await warehouse().alertFeedback({ groupId: 'g-aaaaaa', limit: 1 }, signal())).toEqual([split]);
      expect(await warehouse().countAlertFeedback(['g-aaaaaa', 'g-cccccc'], signal())).toEqual([
        { groupId: 'g-aaaaaa', feedback: 2 },
      ]);
    });
  });
}
