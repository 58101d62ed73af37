import {
  QuarterdeckError,
  type AlertGroupDetail,
  type AlertGroupMember,
  type ConsolidatedAlert,
  type GroupFeedbackEntry,
  type StoredAlertGroup,
  type StoredGroupFeedback,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { documentOf, membersOf } from '../run/groupDocument';
import { groupSummary } from './groupSummary';

/** The newest; all are counted. */
const mostFeedback = 200;

/** @throws NOT_FOUND */
export async function alertGroupDetail(
  { warehouse }: Pick<Platform, 'warehouse'>,
  { id }: { readonly id: string },
  { members, offset }: { readonly members: number; readonly offset: number },
  signal: AbortSignal,
): Promise<AlertGroupDetail> {
  const group = await storedGroup({ warehouse }, id, signal);
  const rows =
    members === 0
      ? []
      : await warehouse.consolidatedAlerts({ ...membersOf(group), limit: members, offset }, signal);
  const said = await warehouse.alertFeedback({ groupId: id, limit: mostFeedback }, signal);
  const [counted] = await warehouse.countAlertFeedback([id], signal);
  const document = documentOf(group);
  const names = new Map(document.subgraph.nodes.map((node) => [node.id, node.name]));
  return {
    ...groupSummary(group, document, { rank: group.rank, feedback: counted?.feedback ?? 0 }),
    runId: group.runId,
    runAt: group.runAt,
    closedBecause: document.closed?.because ?? null,
    members: rows.map((row) => memberOf(row, names)),
    subgraph: document.subgraph,
    causes: document.causes,
    evidence: document.evidence,
    changes: document.changes,
    said: said.map(feedbackEntry).reverse(),
  };
}

/** The newest row of a group. @throws NOT_FOUND */
export async function storedGroup(
  { warehouse }: Pick<Platform, 'warehouse'>,
  id: string,
  signal: AbortSignal,
): Promise<StoredAlertGroup> {
  const group = await warehouse.alertGroup(id, signal);
  if (group) return group;
  throw new QuarterdeckError('NOT_FOUND', `no group ${id}`, { culprit: { groupId: id } });
}

function memberOf(row: ConsolidatedAlert, names: ReadonlyMap<string, string>): AlertGroupMember {
  return {
    alertId: row.alertId,
    source: row.source,
    name: row.name,
    service: row.service,
    resource: row.resource,
    severity: row.severity,
    status: row.status,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    description: row.description,
    node: row.node === null ? null : { id: row.node, name: names.get(row.node) ?? row.node },
    mapping: {
      method: row.mappingMethod as AlertGroupMember['mapping']['method'],
      confidence: row.mappingConfidence,
      matched: row.mappingMatched,
    },
    role: row.role === 'suppressed' ? 'primary' : row.role,
    primaryId: row.primaryId,
    reason: row.reason,
    cluster: row.cluster,
    clusterConfidence: row.clusterConfidence,
    outlier: row.outlier === 1,
  };
}

export function feedbackEntry(row: StoredGroupFeedback): GroupFeedbackEntry {
  const { feedbackId, kind, author, note, at, otherGroupId, cause } = row;
  return { feedbackId, kind, author, note, at, otherGroupId, cause, alertIds: alertIdsOf(row) };
}

/** Written by `giveGroupFeedback`. */
function alertIdsOf({ alertIdsJson }: StoredGroupFeedback): string[] {
  return JSON.parse(alertIdsJson) as string[];
}
