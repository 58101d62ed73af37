import {
  shiftTimestamp,
  type AlertGroupingRun,
  type AnomalyScore,
  type ChangeEvent,
  type MaintenanceWindow,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { constraintsFrom, type PairConstraints } from '../feedback';
import { suppressedBy } from '../maintenance/suppressedBy';
import type { GroupAlertsInput } from './groupAlerts';
import { metricsOfServices } from './metricsOfServices';
import { saidCauses, type SaidCauses } from './saidCauses';
import { groupFeedback } from './storedFeedback';

/** What a run knows beside its alerts and the graph. */
export interface GroupingContext {
  /** The run before it in the same scope. */
  readonly previousRun: AlertGroupingRun | undefined;
  /** From alert id to the group of that run. */
  readonly previousGroups: ReadonlyMap<string, string>;
  readonly constraints: PairConstraints;
  readonly feedback: number;
  readonly causes: SaidCauses;
  readonly windows: readonly MaintenanceWindow[];
  readonly changes: readonly ChangeEvent[];
  readonly scores: readonly AnomalyScore[];
  /** How often each condition fired before the alerts of this run. */
  readonly history: ReadonlyMap<string, number> | undefined;
}

export interface ContextQuery {
  readonly scope: string;
  /** First start among the alerts of the run, and the moment up to which it groups. */
  readonly from: Timestamp;
  readonly at: Timestamp;
}

const mostFeedback = 10_000;
const mostWindows = 10_000;
const mostChanges = 10_000;
const mostScores = 20_000;
const hourMs = 3_600_000;
/** What fired within a month is not new. */
const historyMs = 30 * 24 * hourMs;

/** @throws WAREHOUSE_UNAVAILABLE and what else the warehouse throws */
export async function groupingContext(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { scope, from, at }: ContextQuery,
  signal: AbortSignal,
): Promise<GroupingContext> {
  const [previousRun] = await warehouse.alertGroupingRuns(
    { scope, before: shiftTimestamp(at, 1), limit: 1 },
    signal,
  );
  const members = previousRun ? await warehouse.alertGroupMembers(previousRun.runId, signal) : [];
  const said = await warehouse.alertFeedback({ limit: mostFeedback }, signal);
  const earlier = await warehouse.alertHistory({ from: shiftTimestamp(from, -historyMs), to: from }, signal);
  return {
    previousRun,
    previousGroups: new Map(members.map(({ alertId, groupId }) => [alertId, groupId])),
    constraints: constraintsFrom(groupFeedback(said)),
    feedback: said.length,
    causes: saidCauses(said),
    windows: await warehouse.maintenanceWindows({ from, to: at, limit: mostWindows }, signal),
    changes: await warehouse.changeEventsBetween(
      { from: shiftTimestamp(from, -hourMs), to: at, limit: mostChanges },
      signal,
    ),
    scores: await warehouse.anomalyScores(
      { from: shiftTimestamp(from, -hourMs), to: at, limit: mostScores },
      signal,
    ),
    // Where nothing was ever kept, everything would look new.
    history:
      earlier.length === 0
        ? undefined
        : new Map(earlier.map(({ fingerprint, firings }) => [fingerprint, firings])),
  };
}

/** The context in the form in which grouping takes it; metrics are read when it is known which services alert. */
export function groupingInput(
  { warehouse }: Pick<Platform, 'warehouse'>,
  context: GroupingContext,
  at: Timestamp,
  signal: AbortSignal,
): Pick<GroupAlertsInput, 'constraints' | 'suppress' | 'changes' | 'metrics' | 'history'> {
  const { windows, changes, scores, history, constraints } = context;
  return {
    constraints,
    changes,
    history,
    ...(windows.length > 0 && { suppress: (alert, index) => suppression(alert, index, windows, at) }),
    metrics: (alerts, index) => metricsOfServices({ warehouse }, { alerts, index, scores, at }, signal),
  };
}

const suppression = (
  ...[{ alert, node }, { graph }, windows, at]: [
    ...Parameters<NonNullable<GroupAlertsInput['suppress']>>,
    readonly MaintenanceWindow[],
    Timestamp,
  ]
): string | undefined => {
  const service = node < 0 ? undefined : graph.nodes[node]!;
  const window = suppressedBy(alert, windows, {
    at,
    ...(service && { services: [service.id, service.name, ...service.aliases], team: service.team }),
  });
  return window && `maintenance window ${window.windowId}: ${window.reason}`;
};
