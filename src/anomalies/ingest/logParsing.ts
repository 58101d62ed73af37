import { timestampMs, type LogLevel, type Timestamp } from '../../contracts';
import { timestampOf } from '../../platform/warehouse/microseconds';
import { localOffsetOf, parseLogRecord, type Metadata, type ParseContext } from '../logs';
import { flatten, type FlatValue } from './flatten';
import { readLevel } from './levels';
import { readTime } from './times';

/** A log record as an envelope gives it: the text, and what the envelope knows besides. */
export interface RawLogRecord {
  /** The line or message as it was received. */
  readonly text: string;
  readonly instance: string | undefined;
  /** As the sender wrote it; see `readTime`. */
  readonly at: unknown;
  readonly level: unknown;
  readonly source: string | undefined;
  /** Whatever else the record carried, possibly nested. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The record's own name where it was written: it is stored once, whatever batches it comes in. */
  readonly id?: string;
}

export interface ParsedLog {
  /** Undefined when neither the envelope nor the text says when. */
  readonly at: Timestamp | undefined;
  readonly level: LogLevel;
  readonly source: string | null;
  readonly message: string;
  readonly metadata: Metadata | Readonly<Record<string, FlatValue>>;
}

/** Lines without a zone are read in `zone`; what a short time leaves out comes from the arrival. */
export function parseContext(arrivedAt: Timestamp, zone: string): ParseContext {
  return { arrivedAtMicros: timestampMs(arrivedAt) * 1_000, localOffset: localOffsetOf(zone) };
}

/** What the text says, and over it what the envelope says: a sender knows better than a reader of his text. */
export function parseLog(raw: RawLogRecord, context: ParseContext): ParsedLog {
  const record = parseLogRecord(raw.text, context);
  const fromText =
    record.atMicros === undefined ? undefined : timestampOf(BigInt(Math.round(record.atMicros)));
  const attributes = flatten(raw.attributes);
  return {
    at: isGiven(raw.at) ? readTime(raw.at) : fromText,
    level: readLevel(raw.level) ?? record.level,
    source: raw.source ?? record.source,
    message: record.message,
    metadata: Object.keys(attributes).length === 0 ? record.metadata : { ...record.metadata, ...attributes },
  };
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}
