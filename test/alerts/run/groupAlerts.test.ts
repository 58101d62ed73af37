import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AlertGroupDocument } from '../../../src/alerts/run/groupDocument';
import { resultRows } from '../../../src/alerts/run/resultRows';
import type { AlertGroupingResult } from '../../../src/alerts/run/groupAlerts';
import { groupStorms, plainAlert, rowsOf, smallStorms } from '../../support/alerts/groupedStorm';

const storms = smallStorms();
let result: AlertGroupingResult;
beforeAll(async () => {
  result = await groupStorms(storms);
});

/** Which alerts are together, whatever the groups are called. */
function partition({ enriched, group }: AlertGroupingResult): string[] {
  const members = new Map<number, string[]>();
  group.forEach((own, at) => {
    if (own >= 0) members.set(own, [...(members.get(own) ?? []), enriched[at]!.alert.id]);
  });
  return [...members.values()].map((ids) => ids.sort().join(' ')).sort();
}

describe('a grouping run', () => {
  test('keeps every alert once, with a role in exactly one group', () => {
    const { run, consolidated, deduplicated, groups } = rowsOf(result);
    expect(consolidated.map(({ alertId }) => alertId)).toEqual(storms.alerts.map(({ id }) => id));
    expect(run.alerts).toBe(storms.alerts.length);
    expect(run.primaries + run.duplicates + run.symptoms).toBe(run.alerts);
    expect(groups.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(run.alerts);
    expect(deduplicated).toHaveLength(run.primaries);
    const behind = deduplicated.reduce((sum, row) => sum + row.duplicates + row.symptoms, 0);
    expect(behind).toBe(run.duplicates + run.symptoms);
  });

  test('puts what stands behind an alert into the group of that alert', () => {
    const { consolidated } = rowsOf(result);
    const groupOf = new Map(consolidated.map(({ alertId, groupId }) => [alertId, groupId]));
    const roleOf = new Map(consolidated.map(({ alertId, role }) => [alertId, role]));
    for (const { primaryId, groupId } of consolidated) {
      expect(groupOf.get(primaryId)).toBe(groupId);
      expect(roleOf.get(primaryId)).toBe('primary');
    }
  });

  test('gives the same groups in whatever order alerts come', async () => {
    const shuffled = storms.alerts.toSorted((a, b) => (a.fingerprint + a.id < b.fingerprint + b.id ? -1 : 1));
    expect(partition(await groupStorms({ ...storms, alerts: shuffled }))).toEqual(partition(result));
  });

  test('names the true root of most storms, draws it, and draws only edges between drawn services', () => {
    const rows = rowsOf(result);
    const groupOf = new Map(rows.consolidated.map(({ alertId, groupId }) => [alertId, groupId]));
    const byId = new Map(rows.groups.map((group) => [group.groupId, group]));
    let right = 0;
    for (const storm of storms.storms) {
      const group = byId.get(groupOf.get(storm.alertIds[0]!)!)!;
      if (group.rootCause === storm.root) right++;
    }
    expect(right / storms.storms.length).toBeGreaterThanOrEqual(0.6);
    for (const { documentJson, rootCause, services } of rows.groups) {
      const { subgraph } = JSON.parse(documentJson) as AlertGroupDocument;
      const drawn = new Set(subgraph.nodes.map(({ id }) => id));
      expect(subgraph.nodes.filter(({ isRoot }) => isRoot).map(({ id }) => id)).toEqual(
        rootCause === null ? [] : [rootCause],
      );
      expect(subgraph.nodes.filter(({ alerts }) => alerts > 0).length + subgraph.leftOut).toBe(services);
      for (const { source, target } of subgraph.edges) {
        expect(drawn.has(source) && drawn.has(target)).toBe(true);
      }
    }
  });

  test('keeps suppressed alerts and groups the others as if they were not there', async () => {
    const hidden = storms.alerts.find(({ service }) => service !== null)!.service;
    const some = await groupStorms(storms, {
      suppress: ({ alert }) => (alert.service === hidden ? 'window w-1' : undefined),
    });
    const others = storms.alerts.filter(({ service }) => service !== hidden);
    const rows = rowsOf(some);
    expect(rows.run.suppressed).toBe(storms.alerts.length - others.length);
    expect(rows.run.suppressed).toBeGreaterThan(0);
    expect(rows.consolidated).toHaveLength(storms.alerts.length);
    for (const row of rows.consolidated.filter(({ role }) => role === 'suppressed')) {
      expect(row).toMatchObject({ groupId: null, primaryId: row.alertId, reason: 'window w-1' });
    }
    const alone = await groupStorms({ ...storms, alerts: others });
    expect(partition(some)).toEqual(partition(alone));
  });

  test('without a single alert is a run all the same', async () => {
    const rows = rowsOf(await groupStorms({ ...storms, alerts: [] }));
    expect(rows.run).toMatchObject({ alerts: 0, groups: 0 });
    expect(rows.groups).toEqual([]);
  });

  test('groups alerts for services that no graph has, and an empty graph is no obstacle', async () => {
    const graph = { version: 'empty', nodes: [], edges: [] };
    const alerts = [
      plainAlert(),
      plainAlert({ id: 'a2', startsAt: '2026-07-01T08:01:00.000000Z' }),
      plainAlert({ id: 'a3', service: 'mail', fingerprint: 'f3', name: 'QueueFull' }),
    ];
    const rows = rowsOf(await groupStorms({ alerts, graph }));
    expect(rows.run).toMatchObject({ alerts: 3, unmapped: 3, groups: 2, duplicates: 1 });
  });

  test('shows a change at one of its services as evidence, and none of another service or of last week', async () => {
    const alerts = [plainAlert({ service: 'a' }), plainAlert({ id: 'a2', service: 'b', fingerprint: 'f2' })];
    const node = (id: string) => ({
      id,
      name: id,
      type: null,
      tier: null,
      team: null,
      criticality: null,
      aliases: [],
    });
    const graph = {
      version: 'two',
      nodes: [node('a'), node('b'), node('c')],
      edges: [{ source: 'a', target: 'b', kind: 'calls', weight: 1 }],
    };
    const change = {
      changeId: 'c1',
      kind: 'deployment',
      service: 'b',
      title: 'b 2.4.1',
      at: '2026-07-01T07:50:00.000000Z',
    };
    const changes = [
      change,
      { ...change, changeId: 'c2', service: 'c' },
      { ...change, changeId: 'c3', at: '2026-06-24T07:50:00.000000Z' },
    ];
    const grouped = await groupStorms({ alerts, graph }, { changes });
    const { groups } = resultRows({
      runId: 'run-1',
      runAt: '2026-07-01T08:10:00.000000Z',
      scope: 'all',
      result: grouped,
      identities: {
        ids: Array.from({ length: grouped.groups }, (_, at) => `g-00000${at}`),
        superseded: new Map(),
      },
      changes,
      modelVersion: null,
      clusteringStatistics: {},
      metadata: {},
      finishedAt: '2026-07-01T08:10:01.000000Z',
    });
    const shown = groups.map(({ documentJson }) => (JSON.parse(documentJson) as AlertGroupDocument).changes);
    expect(shown[0]).toEqual([
      { id: 'c1', kind: 'deployment', service: 'b', title: 'b 2.4.1', at: change.at, minutesBefore: 10 },
    ]);
  });
});
