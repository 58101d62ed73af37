import type { LogLevel } from '../../contracts';
import { levelOfNumber, levelOfWord } from './level';
import {
  emptyMetadata,
  mostMetadata,
  noMetadata,
  type LogFormat,
  type MetadataValue,
  type ParseContext,
  type ParsedRecord,
} from './parsedRecord';
import { readTime, type TimeReading } from './time/readTime';

/** Turns named fields (JSON, logfmt) into a record: loggers differ in names, not in what they mean. */

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));
const timeNames = names(
  'time timestamp @timestamp ts datetime date eventtime timegenerated asctime t _time timeunixnano time_iso8601 __realtime_timestamp',
);
const levelNames = names(
  'level severity lvl log.level levelname loglevel severitytext severity_text priority severitylevel',
);
const messageNames = names('message msg log text event body short_message full_message');
const sourceNames = names(
  'logger source service name component program app logger_name module service.name caller syslog_identifier category',
);

export type Field = readonly [name: string, value: MetadataValue];

/** The first field of each meaning counts; what has none, or comes second, is metadata. */
export function recordFromFields(
  fields: readonly Field[],
  format: LogFormat,
  context: ParseContext,
): ParsedRecord {
  let atMicros: number | undefined;
  let level: LogLevel | undefined;
  let source: string | null = null;
  let message: string | undefined;
  let metadata: Record<string, MetadataValue> | undefined;
  let kept = 0;
  for (const [name, value] of fields) {
    const key = name.toLowerCase();
    if (atMicros === undefined && timeNames.has(key)) {
      atMicros = timeOf(value, context);
      if (atMicros !== undefined) continue;
    } else if (level === undefined && levelNames.has(key)) {
      level = levelOf(value);
      if (level !== undefined) continue;
    } else if (message === undefined && messageNames.has(key) && typeof value === 'string') {
      message = value;
      continue;
    } else if (source === null && sourceNames.has(key) && typeof value === 'string' && value !== '') {
      source = value;
      continue;
    }
    if (kept++ < mostMetadata) (metadata ??= emptyMetadata())[name] = value;
  }
  return {
    atMicros,
    level: level ?? 'info',
    source,
    message: message ?? textOf(fields),
    metadata: metadata ?? noMetadata,
    format,
  };
}

/** A record without a message: its fields are what it says. */
function textOf(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}=${String(value)}`).join(' ');
}

function levelOf(value: MetadataValue): LogLevel | undefined {
  if (typeof value === 'number') return levelOfNumber(value);
  return typeof value === 'string' ? (levelOfWord(value) ?? levelOfNumber(Number(value))) : undefined;
}

const reading: TimeReading = { micros: 0, end: 0 };

function timeOf(value: MetadataValue, context: ParseContext): number | undefined {
  // Seconds with a fraction are written as numbers too; ten digits before the point are enough to tell.
  const text = typeof value === 'number' && value > 0 ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  return readTime(text, 0, context, reading) ? reading.micros : undefined;
}
