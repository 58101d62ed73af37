import type { Timestamp } from '../../contracts';

/** What a batch carries. */
export const ingestKinds = ['metrics', 'logs'] as const;
export type IngestKind = (typeof ingestKinds)[number];

/** How a batch is written; content type and content decide (`detectShape`). */
export const sourceShapes = [
  'otlp-json',
  'otlp-protobuf',
  'firehose',
  'kinesis',
  'cloudwatch-logs',
  'cloudwatch-metrics',
  'azure-monitor',
  'prometheus-remote-write',
  'ndjson',
  'json',
  'csv',
  'text',
  'parquet',
] as const;
export type SourceShape = (typeof sourceShapes)[number];

/** A batch as it came, its transport encoding taken off. */
export interface ReceivedBatch {
  readonly kind: IngestKind;
  readonly shape: SourceShape;
  readonly batchId: string;
  readonly body: Uint8Array;
  readonly arrivedAt: Timestamp;
  /** Instance of the records that name none. */
  readonly instance: string | undefined;
  /** Logger, program or file of the log records that name none. */
  readonly source: string | undefined;
}

/** A point as its sender wrote it, before it is checked. */
export interface MetricCandidate {
  readonly instance: string | undefined;
  readonly metric: string;
  /** As the sender wrote it: ISO 8601, or a number of seconds, milliseconds, microseconds or nanoseconds. */
  readonly at: unknown;
  readonly value: unknown;
  readonly kind: 'gauge' | 'counter';
  readonly unit: string | null;
}

/** Why a record, or one point of it, is not stored in the tables. */
export interface Refusal {
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  | 'RECORD_MALFORMED'
  | 'RECORD_TOO_LARGE'
  | 'INSTANCE_MISSING'
  | 'NAME_INVALID'
  | 'TIME_MISSING'
  | 'TIME_INVALID'
  | 'TIME_OUT_OF_RANGE'
  | 'VALUE_MISSING'
  | 'VALUE_NOT_FINITE';

/**
 * One thing found in a batch: a candidate, or why there is none. `index` is the position of its record in the
 * batch, from 0; a record with several points gives several entries. `excerpt` is made only for what is set aside.
 */
export type Decoded<T> =
  | { readonly index: number; readonly candidate: T; readonly excerpt: () => string }
  | { readonly index: number; readonly refusal: Refusal; readonly excerpt: () => string };

/** Longest excerpt of a record that is kept beside the reason why it was set aside. */
export const excerptCharacters = 2_000;

export function excerptOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > excerptCharacters ? `${text.slice(0, excerptCharacters)}…` : text;
}
