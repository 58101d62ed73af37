import { levelOfSeverity } from '../level';
import {
  emptyMetadata,
  mostMetadata,
  noMetadata,
  type MetadataValue,
  type ParseContext,
  type ParsedRecord,
} from '../parsedRecord';
import { digitRun, digitsAt } from '../time/calendar';
import { readTime, type TimeReading } from '../time/readTime';
import { endOfQuoted, unquote } from './logfmt';

/** System logs: RFC 5424, and the older form that RFC 3164 describes, with or without the priority in front. */

const highestPriority = 191;
const longestHeader = 255;
const reading: TimeReading = { micros: 0, end: 0 };

/** Undefined when the line is no system log. */
export function parseSyslogRecord(line: string, context: ParseContext): ParsedRecord | undefined {
  let at = 0;
  let priority: number | undefined;
  if (line.charCodeAt(0) === 60) {
    const digits = digitRun(line, 1, 4);
    if (digits < 1 || digits > 3 || line.charCodeAt(1 + digits) !== 62) return undefined;
    priority = digitsAt(line, 1, digits);
    if (priority > highestPriority) return undefined;
    at = digits + 2;
    if (line.charCodeAt(at) === 49 && line.charCodeAt(at + 1) === 32) {
      return parseVersion1(line, at + 2, priority, context);
    }
  }
  return parseOlder(line, at, priority, context);
}

/** `TIMESTAMP HOST APP PROCID MSGID [id key="value"] MESSAGE`, `-` for what is not known. */
function parseVersion1(
  line: string,
  from: number,
  priority: number,
  context: ParseContext,
): ParsedRecord | undefined {
  let at = from;
  let atMicros: number | undefined;
  if (line.charCodeAt(at) === 45) {
    at += 1;
  } else {
    if (!readTime(line, at, context, reading)) return undefined;
    atMicros = reading.micros;
    at = reading.end;
  }
  const metadata = emptyMetadata();
  metadata['facility'] = priority >> 3;
  let source: string | null = null;
  for (const name of ['host', 'app', 'process', 'message_id'] as const) {
    if (line.charCodeAt(at) !== 32) return undefined;
    const end = endOfWord(line, at + 1);
    const word = line.slice(at + 1, end);
    if (name === 'app') source = word === '-' ? null : word;
    else if (word !== '-') metadata[name] = word;
    at = end;
  }
  at = readStructuredData(line, at + 1, metadata);
  let message = line.slice(at).trimStart();
  if (message.charCodeAt(0) === 0xfeff) message = message.slice(1);
  return { atMicros, level: levelOfSeverity(priority), source, message, metadata, format: 'syslog' };
}

/** `[id key="value" …][…]` or `-`; returns where the message begins. */
function readStructuredData(line: string, from: number, metadata: Record<string, MetadataValue>): number {
  let at = from;
  if (line.charCodeAt(at) === 45) return at + 1;
  let kept = 0;
  while (line.charCodeAt(at) === 91) {
    let next = at + 1;
    while (next < line.length && line.charCodeAt(next) > 32 && line.charCodeAt(next) !== 93) next++;
    const id = line.slice(at + 1, next);
    while (line.charCodeAt(next) === 32) {
      const equals = line.indexOf('="', next);
      if (equals < 0 || equals - next > longestHeader) return next;
      const end = endOfQuoted(line, equals + 1);
      if (end < 0) return next;
      if (kept++ < mostMetadata) {
        metadata[`${id}.${line.slice(next + 1, equals)}`] = unquote(line.slice(equals + 2, end));
      }
      next = end + 1;
    }
    if (line.charCodeAt(next) !== 93) return next;
    at = next + 1;
  }
  return at;
}

/** `Jul  1 08:30:00 HOST PROGRAM[PID]: MESSAGE`; without a priority, only where a program is named. */
function parseOlder(
  line: string,
  from: number,
  priority: number | undefined,
  context: ParseContext,
): ParsedRecord | undefined {
  const metadata = emptyMetadata();
  if (priority !== undefined) metadata['facility'] = priority >> 3;
  const level = priority === undefined ? 'info' : levelOfSeverity(priority);
  if (!readTime(line, from, context, reading)) {
    if (priority === undefined) return undefined;
    const message = line.slice(from).trim();
    return { atMicros: undefined, level, source: null, message, metadata, format: 'syslog' };
  }
  const atMicros = reading.micros;
  if (line.charCodeAt(reading.end) !== 32) return undefined;
  const hostEnd = endOfWord(line, reading.end + 1);
  const tagEnd = endOfTag(line, hostEnd + 1);
  if (tagEnd < 0) {
    if (priority === undefined) return undefined;
    const message = line.slice(reading.end + 1);
    return { atMicros, level, source: null, message, metadata, format: 'syslog' };
  }
  metadata['host'] = line.slice(reading.end + 1, hostEnd);
  const bracket = line.lastIndexOf('[', tagEnd);
  let source = line.slice(hostEnd + 1, tagEnd);
  if (bracket > hostEnd && line.charCodeAt(tagEnd - 1) === 93) {
    source = line.slice(hostEnd + 1, bracket);
    metadata['process'] = line.slice(bracket + 1, tagEnd - 1);
  }
  return {
    atMicros,
    level,
    source,
    message: line.slice(tagEnd + 1).trimStart(),
    metadata: Object.keys(metadata).length === 0 ? noMetadata : metadata,
    format: 'syslog',
  };
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && at - from < longestHeader && line.charCodeAt(at) > 32) at++;
  return at;
}

/** Index of the colon behind `program` or `program[123]`; -1 when the next word is no tag. */
function endOfTag(line: string, from: number): number {
  const end = endOfWord(line, from);
  if (end === from || line.charCodeAt(end - 1) !== 58 || end - 1 === from) return -1;
  return end - 1;
}
