import { toTimestamp, type Alert } from '../../../src/contracts';
import { generateStorms, type GeneratedStorms } from '../../../src/alerts';
import {
  groupAlerts,
  type AlertGroupingResult,
  type GroupAlertsInput,
} from '../../../src/alerts/run/groupAlerts';
import { groupIdentities } from '../../../src/alerts/run/groupIdentity';
import { latestMoment } from '../../../src/alerts/run/latestMoment';
import { resultRows } from '../../../src/alerts/run/resultRows';
import type { GroupingResults } from '../../../src/alerts/results/groupingResults';

/** Storms of a small graph, grouped by the production path. */

export const groupingSettings = { TIME_WINDOW_MINUTES: 15, MIN_MATCH_SCORE: 2 };

export function smallStorms(seed = 7): GeneratedStorms {
  return generateStorms({ seed, graph: { nodes: 40 }, storms: 5, noiseShare: 0.2 });
}

export async function groupStorms(
  { alerts, graph }: Pick<GeneratedStorms, 'alerts' | 'graph'>,
  change: Partial<GroupAlertsInput> = {},
): Promise<AlertGroupingResult> {
  return groupAlerts({ alerts, graph, settings: groupingSettings, now: latestMoment(alerts), ...change });
}

export function rowsOf(
  result: AlertGroupingResult,
  change: { runId?: string; previous?: ReadonlyMap<string, string> } = {},
): GroupingResults {
  const alerts = result.enriched.map(({ alert }) => alert);
  const runAt = latestMoment(alerts);
  return resultRows({
    runId: change.runId ?? 'run-1',
    runAt,
    scope: 'all',
    result,
    identities: groupIdentities({
      group: result.group,
      groups: result.groups,
      alertIds: alerts.map(({ id }) => id),
      startMs: Float64Array.from(alerts, ({ startsAt }) => Date.parse(startsAt)),
      previous: change.previous ?? new Map(),
    }),
    changes: [],
    modelVersion: result.kinds ? 'v1' : null,
    clusteringStatistics: {},
    metadata: {},
    finishedAt: runAt,
  });
}

export function plainAlert(change: Partial<Alert> = {}): Alert {
  return {
    id: 'a1',
    source: 'test',
    name: 'HighLatency',
    service: 'checkout',
    resource: null,
    severity: 'warning',
    status: 'firing',
    startsAt: toTimestamp('2026-07-01T08:00:00Z'),
    endsAt: null,
    labels: {},
    description: '',
    fingerprint: 'f1',
    ...change,
  };
}
