import { levelOfStatus } from '../level';
import { emptyMetadata, type ParseContext, type ParsedRecord } from '../parsedRecord';
import { digitRun, digitsAt } from '../time/calendar';
import { readTime, type TimeReading } from '../time/readTime';
import { endOfQuoted, unquote } from './logfmt';

/**
 * The Common Log Format of web servers and its Combined form:
 * `HOST IDENT USER [01/Jul/2026:08:30:00 +0000] "GET /path HTTP/1.1" 200 1234 "referer" "agent"`.
 */

/** Host, identity and user are short; a bracket further on belongs to something else. */
const longestPrefix = 400;
const reading: TimeReading = { micros: 0, end: 0 };

export function parseCommonLogRecord(line: string, context: ParseContext): ParsedRecord | undefined {
  const bracket = line.indexOf(' [');
  if (bracket < 5 || bracket > longestPrefix) return undefined;
  if (!readTime(line, bracket + 2, context, reading) || line.charCodeAt(reading.end) !== 93) return undefined;
  const request = reading.end + 2;
  if (line.charCodeAt(request) !== 34) return undefined;
  const requestEnd = endOfQuoted(line, request);
  if (requestEnd < 0 || digitRun(line, requestEnd + 2, 4) !== 3) return undefined;
  const words = line.slice(0, bracket).split(' ');
  if (words.length !== 3) return undefined;
  const status = digitsAt(line, requestEnd + 2, 3);
  const metadata = emptyMetadata();
  for (const [index, name] of ['client', 'identity', 'user'].entries()) {
    if (words[index] !== '-') metadata[name] = words[index]!;
  }
  metadata['status'] = status;
  let at = requestEnd + 6;
  const sizeDigits = digitRun(line, at, 16);
  if (sizeDigits > 0) metadata['bytes'] = digitsAt(line, at, sizeDigits);
  at += Math.max(1, sizeDigits) + 1;
  for (const name of ['referer', 'agent']) {
    if (line.charCodeAt(at) !== 34) break;
    const end = endOfQuoted(line, at);
    if (end < 0) break;
    const value = unquote(line.slice(at + 1, end));
    if (value !== '-') metadata[name] = value;
    at = end + 2;
  }
  return {
    atMicros: reading.micros,
    level: levelOfStatus(status),
    source: null,
    message: `${unquote(line.slice(request + 1, requestEnd))} ${status}`,
    metadata,
    format: 'common-log',
  };
}
