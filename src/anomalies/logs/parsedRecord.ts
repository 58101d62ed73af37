import type { LogLevel } from '../../contracts';
import type { TimeContext } from './time/readTime';

export type LogFormat = 'json' | 'logfmt' | 'syslog' | 'common-log' | 'plain';

/** What a record says, whatever its format. */
export interface ParsedRecord {
  /** Microseconds since 1970; undefined when the record names no time. */
  readonly atMicros: number | undefined;
  /** `info` when the record names none. */
  readonly level: LogLevel;
  /** Logger, program, service or file; null when the record does not say. */
  readonly source: string | null;
  readonly message: string;
  /** What else it carried: names with dots for nested ones, values as text, numbers or booleans. */
  readonly metadata: Metadata;
  readonly format: LogFormat;
}

export type Metadata = Readonly<Record<string, MetadataValue>>;
export type MetadataValue = string | number | boolean | null;

/** Shared by the many records that carry nothing else. */
export const noMetadata: Metadata = Object.freeze(emptyMetadata());

/** Has no prototype: a key like `__proto__` is a key. */
export function emptyMetadata(): Record<string, MetadataValue> {
  return Object.create(null) as Record<string, MetadataValue>;
}

/** More of a record than this is left to its raw copy. */
export const mostMetadata = 100;
/** Longest message, in characters; what is cut off is in the raw copy. */
export const longestMessage = 16_384;

export type ParseContext = TimeContext;
