import type { StoredAlertGroup, Timestamp } from '../../contracts';
import type { NearbyChange } from './changesNear';
import type { AlertGroupingResult } from './groupAlerts';
import type { GroupIdentities } from './groupIdentity';

export interface ResultRowsInput {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly scope: string;
  readonly result: AlertGroupingResult;
  readonly identities: GroupIdentities;
  readonly changes: readonly NearbyChange[];
  /** What the run before left, for groups that nothing is left of. */
  readonly before?: {
    readonly groups: readonly StoredAlertGroup[];
    /** From alert id to its group. */
    readonly members: ReadonlyMap<string, string>;
    readonly longestOpenHours: number;
  };
  readonly modelVersion: string | null;
  readonly clusteringStatistics: object;
  /** What the run says of itself; counts are added. */
  readonly metadata: object;
  readonly finishedAt: Timestamp;
}
