import {
  QuarterdeckError,
  toTimestamp,
  type ConsolidatedAlert,
  type GroupFeedbackAnswer,
  type GroupFeedbackBody,
  type StoredGroupFeedback,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { membersOf } from '../run/groupDocument';
import { readMembers } from '../run/readAlerts';
import { feedbackKeys } from '../run/storedFeedback';
import { feedbackEntry, storedGroup } from './alertGroupDetail';

/**
 * Keeps what a person said of a group, with its alerts as they are now. It changes later runs, not those that were.
 * @throws NOT_FOUND for a group that is not there; INPUT_INVALID for a split that names no member or all of them, or a
 * merge of a group with itself
 */
export async function giveGroupFeedback(
  platform: Pick<Platform, 'warehouse' | 'clock' | 'newId'>,
  { id }: { readonly id: string },
  body: GroupFeedbackBody,
  signal: AbortSignal,
): Promise<GroupFeedbackAnswer> {
  const group = await storedGroup(platform, id, signal);
  const members = await readMembers(platform, membersOf(group), signal);
  const row: StoredGroupFeedback = {
    feedbackId: platform.newId(),
    groupId: id,
    runId: group.runId,
    kind: body.kind,
    author: body.author,
    note: body.note ?? null,
    alertIdsJson: '[]',
    memberKeysJson: feedbackKeys(members),
    otherKeysJson: '[]',
    otherGroupId: null,
    cause: null,
    at: toTimestamp(platform.clock.now()),
    ...(await particulars(platform, id, body, members, signal)),
  };
  await platform.warehouse.mergeAlertFeedback([row], signal);
  return { ...feedbackEntry(row), groupId: id, effect: effects[body.kind] };
}

async function particulars(
  platform: Pick<Platform, 'warehouse'>,
  id: string,
  body: GroupFeedbackBody,
  members: readonly ConsolidatedAlert[],
  signal: AbortSignal,
): Promise<Partial<StoredGroupFeedback>> {
  if (body.kind === 'split') {
    const named = new Set(body.alertIds);
    const apart = members.filter(({ alertId }) => named.has(alertId));
    const known = new Set(apart.map(({ alertId }) => alertId));
    const unknown = [...named].filter((alertId) => !known.has(alertId));
    if (unknown.length > 0) {
      throw invalid('alertIds', `not in the group: ${unknown.slice(0, 5).join(', ')}`);
    }
    if (apart.length === members.length)
      throw invalid('alertIds', 'a split leaves at least one alert behind');
    return { alertIdsJson: JSON.stringify([...named]), otherKeysJson: feedbackKeys(apart) };
  }
  if (body.kind === 'merge') {
    if (body.otherGroupId === id) throw invalid('otherGroupId', 'a group cannot be merged with itself');
    const other = await storedGroup(platform, body.otherGroupId, signal);
    const others = await readMembers(platform, membersOf(other), signal);
    return { otherGroupId: other.groupId, otherKeysJson: feedbackKeys(others) };
  }
  return body.kind === 'wrong-cause' ? { cause: body.cause ?? null } : {};
}

const effects: Readonly<Record<GroupFeedbackBody['kind'], string>> = {
  confirm: 'its alerts stay together in later runs, and when they fire again',
  split: 'the alerts named are kept apart from the rest from the next run on',
  merge: 'the alerts of both groups are put together from the next run on',
  'wrong-cause':
    'the cause that is named comes first from the next run on; which alerts belong together does not change',
};

function invalid(field: string, message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field } });
}
