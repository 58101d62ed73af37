import type { AlertSeverity, AlertStatus, FeedbackKind } from './alert';
import type { Timestamp } from './timestamp';

/**
 * What a grouping run leaves behind: rows of the warehouse tables and lines of the files of a run. A run is known by
 * its id; a row by the run and what it is about.
 */

export const alertRoles = ['primary', 'duplicate', 'symptom'] as const;
export type GroupedAlertRole = (typeof alertRoles)[number];
/** `suppressed`: inside a maintenance window, kept and not grouped. */
export type ConsolidatedRole = GroupedAlertRole | 'suppressed';

/** One alert of a run with everything found about it. */
export interface ConsolidatedAlert {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly alertId: string;
  readonly source: string;
  readonly name: string;
  readonly service: string | null;
  readonly resource: string | null;
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp | null;
  readonly description: string;
  readonly labelsJson: string;
  readonly fingerprint: string;
  /** Id of its node in the graph. */
  readonly node: string | null;
  readonly mappingMethod: string;
  readonly mappingConfidence: number;
  readonly mappingScore: number;
  /** How the node was found, for people. */
  readonly mappingMatched: string;
  /** How many services depend on its node, directly or through others. */
  readonly dependents: number | null;
  /** The same as a share of all services, each by its weight for the business, in [0, 1]. */
  readonly blastRadius: number | null;
  /** Node ids from the alert's own to the nearest critical service, joined by ` > `. */
  readonly pathToCritical: string | null;
  /** Null for a suppressed alert. */
  readonly groupId: string | null;
  readonly role: ConsolidatedRole;
  /** The alert it stands behind; its own id for a primary. */
  readonly primaryId: string;
  readonly reason: string;
  /** Kind of alert by the clustering model; null without one. */
  readonly cluster: number | null;
  readonly clusterConfidence: number | null;
  /** 1 for an alert unlike all others. */
  readonly outlier: number;
}

/** One group of a run, ranked. */
export interface StoredAlertGroup {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly groupId: string;
  readonly rank: number;
  readonly name: string;
  readonly namedBy: string;
  readonly importance: number;
  readonly severity: AlertSeverity;
  /** `open` or `resolved`. */
  readonly state: string;
  readonly startedAt: Timestamp;
  readonly lastAt: Timestamp;
  readonly endedAt: Timestamp | null;
  readonly alerts: number;
  readonly primaries: number;
  readonly duplicates: number;
  readonly symptoms: number;
  readonly services: number;
  /** Likeliest cause: a node id. */
  readonly rootCause: string | null;
  readonly rootScore: number | null;
  /** Ids of alerting nodes and of the likely cause, one per line with a line end at both ends, for searching. */
  readonly serviceIds: string;
  /** `AlertGroupDocument` as JSON. */
  readonly documentJson: string;
  /** The group that took its alerts in this run; such a row has no members. */
  readonly supersededBy: string | null;
}

/** Profile of one cluster of the clustering model over the alerts of a run. */
export interface StoredAlertCluster {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly cluster: number;
  readonly label: string;
  readonly alerts: number;
  readonly share: number;
  readonly meanConfidence: number;
  readonly mostCommonAlert: string;
  readonly mostCommonService: string | null;
  /** Objects of name and count as JSON, most frequent first. */
  readonly topAlertsJson: string;
  readonly topServicesJson: string;
  readonly severitiesJson: string;
}

/** One primary alert of a run with what stands behind it. */
export interface DeduplicatedAlert {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly alertId: string;
  readonly groupId: string;
  readonly name: string;
  readonly service: string | null;
  readonly resource: string | null;
  readonly node: string | null;
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly startsAt: Timestamp;
  /** Start of the last alert behind it, its own start when there is none. */
  readonly lastAt: Timestamp;
  readonly duplicates: number;
  readonly symptoms: number;
}

/** How the alerts of one source were mapped to services by one method. */
export interface AlertMappingStatistic {
  readonly runId: string;
  readonly runAt: Timestamp;
  readonly source: string;
  readonly method: string;
  readonly alerts: number;
  /** Of all alerts of the source. */
  readonly share: number;
  readonly meanConfidence: number;
  readonly minimumConfidence: number;
}

/** A complete run; written last, so that what has no row here is no result yet. */
export interface AlertGroupingRun {
  readonly runId: string;
  readonly runAt: Timestamp;
  /** `all` for the alerts that were received, else the file that they were read from: groups last within a scope. */
  readonly scope: string;
  readonly alerts: number;
  readonly groups: number;
  readonly primaries: number;
  readonly duplicates: number;
  readonly symptoms: number;
  readonly unmapped: number;
  readonly suppressed: number;
  readonly outliers: number;
  readonly modelVersion: string | null;
  readonly graphVersion: string;
  readonly metadataJson: string;
  readonly clusteringStatisticsJson: string;
  readonly finishedAt: Timestamp;
}

/** What a person said about a group, with what it was made of then: later runs have other groups. */
export interface StoredGroupFeedback {
  readonly feedbackId: string;
  readonly groupId: string;
  readonly runId: string;
  readonly kind: FeedbackKind;
  readonly author: string;
  readonly note: string | null;
  /** Ids of a split's alerts, JSON. */
  readonly alertIdsJson: string;
  /** Fingerprints of the members that it is about, JSON: all of them, without the split ones for a split. */
  readonly memberKeysJson: string;
  /** Fingerprints of the split alerts, or of the other group's members. */
  readonly otherKeysJson: string;
  readonly otherGroupId: string | null;
  readonly cause: string | null;
  readonly at: Timestamp;
}
