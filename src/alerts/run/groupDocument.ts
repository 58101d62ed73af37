import type { AlertGroupDetail, StoredAlertGroup } from '../../contracts';

/** What is kept of a group as one document: what its page shows beside the columns of its row and its members. */
export type AlertGroupDocument = Pick<
  AlertGroupDetail,
  | 'importanceParts'
  | 'topServices'
  | 'topAlertNames'
  | 'kinds'
  | 'causes'
  | 'evidence'
  | 'changes'
  | 'subgraph'
> & {
  /** Why its alerts are together, in a sentence. */
  readonly evidenceSummary: string;
  /** Of a group that a run closed because it had none of its alerts; its members are rows of the run named. */
  readonly closed?: { readonly because: string; readonly membersRunId: string };
};

/** Written by `groupRows` and `closedGroups`, for nobody else to change. */
export function documentOf({ documentJson }: Pick<StoredAlertGroup, 'documentJson'>): AlertGroupDocument {
  return JSON.parse(documentJson) as AlertGroupDocument;
}

/** Where the members of a group are read. */
export function membersOf(group: StoredAlertGroup): { readonly runId: string; readonly groupId: string } {
  return { runId: documentOf(group).closed?.membersRunId ?? group.runId, groupId: group.groupId };
}
