import type { Alert, StoredAlertGroup, Timestamp } from '../../contracts';
import { documentOf, type AlertGroupDocument } from './groupDocument';

export interface ClosedGroupsInput {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly scope: string;
  readonly longestOpenHours: number;
  /** Groups of the run before. */
  readonly earlier: readonly StoredAlertGroup[];
  /** Alerts of this run, and the groups of the run before that they were in. */
  readonly alerts: readonly Alert[];
  readonly previousGroups: ReadonlyMap<string, string>;
  /** Rows that this run has anyway, superseded ones with them. */
  readonly groups: readonly StoredAlertGroup[];
}

/**
 * Open groups of the run before that nothing of is left in this one, as rows of this run that say that they are over:
 * a group that no run speaks of again would stay open for good. Their members stay with the run that had them last.
 */
export function closedGroups(input: ClosedGroupsInput): StoredAlertGroup[] {
  const { runId, runAt, earlier, alerts, previousGroups, groups } = input;
  const told = new Set(groups.map(({ groupId }) => groupId));
  const stillThere = new Set(alerts.map(({ id }) => previousGroups.get(id)));
  return earlier
    .filter(({ state, groupId }) => state === 'open' && !told.has(groupId))
    .map((group, place) => {
      // Alerts that are in the run and in none of its groups are suppressed.
      const because = stillThere.has(group.groupId)
        ? 'Its alerts are inside a maintenance window now.'
        : reasonOf(input);
      const document: AlertGroupDocument = {
        ...documentOf(group),
        closed: { because, membersRunId: group.runId },
      };
      return {
        ...group,
        runId,
        runAt,
        rank: groups.length + place + 1,
        state: 'resolved',
        endedAt: runAt,
        documentJson: JSON.stringify(document),
      };
    });
}

function reasonOf({ scope, longestOpenHours }: ClosedGroupsInput): string {
  if (scope !== 'all') return 'The file has none of its alerts any more.';
  const hours = `${longestOpenHours} ${longestOpenHours === 1 ? 'hour' : 'hours'}`;
  return `Nobody ended its last alerts or spoke of them again for ${hours}: they count no more as firing.`;
}
