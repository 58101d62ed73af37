import { z } from 'zod';
import type { Timestamp } from './timestamp';

/** Rows of the warehouse tables that the incident pipeline reads and writes; columns are the snake_case of these names. */

export const incidentSchema = z.object({
  number: z.string().min(1).max(200),
  shortDescription: z.string(),
  description: z.string(),
  sysCreatedOn: z.string(),
  techCenter: z.string().min(1).max(200),
  priority: z.string().nullable(),
  assignmentGroup: z.string().nullable(),
  state: z.string().nullable(),
  resolvedAt: z.string().nullable(),
  closeNotes: z.string().nullable(),
});
export type Incident = z.infer<typeof incidentSchema>;

export interface PreprocessedIncident {
  readonly number: string;
  readonly sysCreatedOn: Timestamp;
  readonly combinedIncidentsSummary: string;
  readonly embedding: Float32Array;
  readonly embeddingModel: string;
  readonly techCenter: string;
  readonly processedAt: Timestamp;
}

/** Position of the last row stored: order is by time, then by number. */
export interface Position {
  readonly sysCreatedOn: Timestamp;
  readonly number: string;
}

export interface Watermark {
  readonly techCenter: string;
  readonly lastProcessedTimestamp: Timestamp;
  readonly lastProcessedNumber: string;
  readonly updatedAt: Timestamp;
}

/** Cluster number of a row that belongs to no cluster. */
export const noiseCluster = -1;

export interface ClusteringPrediction {
  readonly number: string;
  /** Time of the incident itself, kept beside the prediction so that sizes over time need no join. */
  readonly sysCreatedOn: Timestamp;
  readonly predictedCluster: number;
  /** Topic of the cluster; for noise, the nearest theme as a suggestion. */
  readonly clusterTopic: string;
  readonly domainName: string;
  /** Membership strength in [0, 1]; 0 for noise. */
  readonly confidenceScore: number;
  readonly techCenter: string;
  readonly modelVersion: string;
  readonly predictedAt: Timestamp;
}

export interface QuarantinedRow {
  readonly source: string;
  readonly key: string;
  readonly reasonCode: string;
  readonly detail: string;
  readonly rowJson: string;
  readonly at: Timestamp;
}

export const pipelines = [
  'import',
  'preprocess',
  'train',
  'predict',
  'ingest',
  'pull',
  'anomaly-train',
  'anomaly-score',
  'explain',
  'alert-ingest',
  'alert-group',
  'alert-train',
] as const;
export type Pipeline = (typeof pipelines)[number];
export type RunStatus = 'ok' | 'partial' | 'failed' | 'skipped';

export interface PipelineRun {
  readonly runId: string;
  readonly pipeline: Pipeline;
  /** The tech centre, or `all`. */
  readonly scope: string;
  readonly status: RunStatus;
  readonly counts: Readonly<Record<string, number>>;
  readonly startedAt: Timestamp;
  readonly finishedAt: Timestamp;
  readonly errorCode: string | null;
  readonly detail: string | null;
}
