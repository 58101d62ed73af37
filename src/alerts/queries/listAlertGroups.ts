import { shiftTimestamp, type AlertGroupList, type AlertGroupListQuery } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { documentOf } from '../run/groupDocument';
import { groupSummary, runSummary } from './groupSummary';

const hourMs = 3_600_000;

/** Groups of the last hours before the newest run, most important first. */
export async function listAlertGroups(
  { warehouse }: Pick<Platform, 'warehouse'>,
  query: AlertGroupListQuery,
  signal: AbortSignal,
): Promise<AlertGroupList> {
  const [run] = await warehouse.alertGroupingRuns({ limit: 1 }, signal);
  if (!run) return { run: null, total: 0, groups: [] };
  const { hours, limit, offset, ...filters } = query;
  // Hours before what was grouped, not before now: what a file of last month was folded into is there to be seen.
  const wanted = {
    from: shiftTimestamp(run.runAt, -hours * hourMs),
    ...(filters.state !== undefined && { state: filters.state }),
    ...(filters.severity !== undefined && { severity: filters.severity }),
    ...(filters.service !== undefined && { service: filters.service }),
    ...(filters.minimumImportance !== undefined && { minimumImportance: filters.minimumImportance }),
    ...(filters.text !== undefined && { text: filters.text }),
  };
  const total = await warehouse.countAlertGroups(wanted, signal);
  const groups = await warehouse.alertGroups({ ...wanted, limit, offset }, signal);
  const said = await warehouse.countAlertFeedback(
    groups.map(({ groupId }) => groupId),
    signal,
  );
  const feedback = new Map(said.map((count) => [count.groupId, count.feedback]));
  return {
    run: runSummary(run),
    total,
    groups: groups.map((group, place) =>
      groupSummary(group, documentOf(group), {
        rank: offset + place + 1,
        feedback: feedback.get(group.groupId) ?? 0,
      }),
    ),
  };
}
