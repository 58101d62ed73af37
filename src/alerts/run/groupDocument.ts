import type { AlertGroupDetail } from '../../contracts';

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
};
