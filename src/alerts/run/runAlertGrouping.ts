import { z } from 'zod';
import {
  alertGroupQueue,
  isQuarterdeckError,
  shiftTimestamp,
  toTimestamp,
  type Alert,
  type AlertGroupingRun,
  type PipelineRun,
  type ServiceGraph,
  type Timestamp,
} from '../../contracts';
import type { Lease } from '../../platform/blobs/blobs';
import { finishRun, startRun, type RunOutcome } from '../../platform/pipelineRun';
import type { Platform } from '../../platform/platform';
import { withLimit } from '../../platform/stopping';
import { currentServiceGraph } from '../graph/storedGraph';
import { archiveResults } from '../results/archiveResults';
import { groupAndStore } from './groupAndStore';
import { readAlerts, readAlertsByIds, readMembers } from './readAlerts';

/** Alerts of all sources are grouped together: a storm crosses sources (docs/decisions/0125). */
export const groupMessageSchema = z.strictObject({
  /** The moment up to which alerts are grouped. */
  at: z.string(),
});
export type GroupMessage = z.infer<typeof groupMessageSchema>;

const scope = 'all';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A group that goes on and on is followed this far back. */
const longestGroupMs = 24 * hourMs;
/** What came late, or while no run was made, is caught up on this far back. */
const longestDelayMs = 7 * 24 * hourMs;
const emptyGraph: ServiceGraph = { version: 'none', nodes: [], edges: [] };

/** Sends for one run that groups what has arrived by now. */
export async function enqueueAlertGrouping(
  platform: Pick<Platform, 'queues' | 'telemetry' | 'clock'>,
  signal: AbortSignal,
): Promise<GroupMessage> {
  const message: GroupMessage = { at: toTimestamp(platform.clock.now()) };
  await platform.queues.send(alertGroupQueue, [message], signal);
  // A timer that fires is a sign of life even where there is nothing to do.
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'alert-group', scope });
  return message;
}

/**
 * Groups the alerts of the last minutes, those that still fire, and those of groups that go on. Run again for the same
 * moment it does nothing; killed before its end it leaves nothing that anybody sees, and can be run again.
 * @returns the run as it was recorded: `skipped` when another process is at it or it was done before
 * @throws ABORTED when `signal` asks to stop, and what may work later, for the queue to try again
 */
export async function runAlertGrouping(
  platform: Platform,
  { at: given }: GroupMessage,
  signal: AbortSignal,
): Promise<PipelineRun> {
  const run = startRun(platform, 'alert-group', scope);
  let lease: Lease;
  try {
    lease = await platform.blobs.acquireLease('alert-group/all', { signal });
  } catch (error) {
    const held = isQuarterdeckError(error, 'LEASE_HELD');
    const detail = 'another grouping run is under way';
    return finishRun(platform, run, held ? { skipped: true, detail } : { error }, signal);
  }
  const stop = withLimit(AbortSignal.any([signal, lease.lost]), platform.settings.ALERT_RUN_DEADLINE_MS);
  try {
    const outcome = await groupUpTo(platform, toTimestamp(given), stop);
    return await finishRun(platform, run, outcome, signal);
  } catch (error) {
    const finished = await finishRun(platform, run, { error }, signal);
    if (isQuarterdeckError(error) && error.retryable) throw error;
    return finished;
  } finally {
    await lease.release();
  }
}

async function groupUpTo(platform: Platform, at: Timestamp, signal: AbortSignal): Promise<RunOutcome> {
  const [last] = await platform.warehouse.alertGroupingRuns({ scope, limit: 1 }, signal);
  if (last && last.runAt >= at) {
    return { skipped: true, detail: `alerts up to ${at} were grouped by ${last.runId}` };
  }
  const alerts = await alertsUpTo(platform, at, last, signal);
  const stored = await currentServiceGraph(platform, signal);
  const { run } = await groupAndStore(
    platform,
    { scope, at, alerts, graph: stored?.graph ?? emptyGraph },
    (results, stop) => archiveResults(platform, results, stop),
    { signal },
  );
  const { groups, primaries, duplicates, symptoms, unmapped, suppressed, outliers } = run;
  const told = `${run.alerts} ${run.alerts === 1 ? 'alert' : 'alerts'} in ${groups} ${groups === 1 ? 'group' : 'groups'}`;
  return {
    counts: { alerts: run.alerts, groups, primaries, duplicates, symptoms, unmapped, suppressed, outliers },
    detail: stored ? told : `${told}, without a service graph: PUT /api/service-graph gives one`,
  };
}

async function alertsUpTo(
  { warehouse, settings }: Pick<Platform, 'warehouse' | 'settings'>,
  at: Timestamp,
  last: AlertGroupingRun | undefined,
  signal: AbortSignal,
): Promise<Alert[]> {
  const lookBackMs = settings.ALERT_LOOKBACK_MINUTES * minuteMs;
  const lookBack = shiftTimestamp(at, -lookBackMs);
  const earliest = shiftTimestamp(at, -Math.max(longestGroupMs, lookBackMs));
  const earlier = last ? await warehouse.alertGroupsOfRun(last.runId, signal) : [];
  let from = lookBack;
  // The beginning of a storm that goes on is part of it, however long ago that was.
  for (const group of earlier) {
    const goesOn = group.state === 'open' || group.lastAt >= lookBack;
    if (goesOn && group.startedAt < from) from = group.startedAt;
  }
  if (from < earliest) from = earliest;
  // Some senders never say that an alert has ended.
  const openSince = shiftTimestamp(at, -settings.ALERT_LONGEST_OPEN_HOURS * hourMs);
  // What came after the moment that is grouped belongs to the next run, so that a run can be repeated.
  const alerts = await readAlerts(
    { warehouse },
    { from, to: at, openAt: at, openSince, arrivedBy: at },
    signal,
  );
  if (!last) return alerts;
  // Senders deliver late, and runs may have stood still for longer than they look back: what came since the last run
  // is grouped once, however long ago it began.
  const delayedFrom = shiftTimestamp(at, -longestDelayMs);
  if (delayedFrom < from) {
    const between = { from: delayedFrom, to: from, arrivedAfter: last.runAt, arrivedBy: at };
    alerts.push(...(await readAlerts({ warehouse }, between, signal)));
  }
  for (const { runId, groupId, state, startedAt } of earlier) {
    if (state !== 'open' || startedAt >= from) continue;
    // What fired for longer than groups are followed and is over now: else its group would seem to go on.
    const members = await readMembers({ warehouse }, { runId, groupId }, signal);
    const fired = members.filter((member) => member.status !== 'resolved' && member.startsAt < from);
    const now = await readAlertsByIds(
      { warehouse },
      fired.map(({ alertId }) => alertId),
      signal,
    );
    alerts.push(...now.filter(({ status }) => status === 'resolved'));
  }
  return [...new Map(alerts.map((alert) => [alert.id, alert])).values()];
}
