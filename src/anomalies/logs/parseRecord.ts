import { parseCommonLogRecord } from './formats/commonLog';
import { parseGlogRecord } from './formats/glog';
import { parseJsonRecord } from './formats/json';
import { parseLogfmtRecord } from './formats/logfmt';
import { parsePlainRecord } from './formats/plain';
import { parseSyslogRecord } from './formats/syslog';
import { longestMessage, type ParseContext, type ParsedRecord } from './parsedRecord';

const brace = 123;
const angle = 60;

/**
 * Reads one log record, of one line or of a line with its stack trace folded in. The format is told by how the
 * record begins; what fits none is a plain message. Never throws: every text is a record. Linear in its length.
 *
 * @param text the record without its line end
 */
export function parseLogRecord(text: string, context: ParseContext): ParsedRecord {
  const lineEnd = text.indexOf('\n');
  if (lineEnd < 0) return bounded(parseLine(text, context));
  const head = text.charCodeAt(0) === brace ? parseJsonRecord(text, context) : undefined;
  if (head) return bounded(head);
  const record = parseLine(text.slice(0, lineEnd), context);
  return bounded({ ...record, message: `${record.message}${text.slice(lineEnd)}` });
}

function parseLine(line: string, context: ParseContext): ParsedRecord {
  const first = line.charCodeAt(0);
  if (first === brace) {
    const record = parseJsonRecord(line, context);
    if (record) return record;
  }
  if (first === angle) {
    const record = parseSyslogRecord(line, context);
    if (record) return record;
  }
  if (mayBePairs(line)) {
    const record = parseLogfmtRecord(line, context);
    if (record) return record;
  }
  if (mayBeAccessLog(line)) {
    const record = parseCommonLogRecord(line, context);
    if (record) return record;
  }
  if (isLetterOrDigit(first) && mayBeSystemLog(line)) {
    const record = parseSyslogRecord(line, context);
    if (record) return record;
  }
  if (first >= 68 && first <= 87) {
    const record = parseGlogRecord(line, context);
    if (record) return record;
  }
  return parsePlainRecord(line, context);
}

/** The first word is `key=…`. */
function mayBePairs(line: string): boolean {
  const equals = line.indexOf('=');
  if (equals < 1) return false;
  const blank = line.indexOf(' ');
  return blank < 0 || equals < blank;
}

/** `… [01/Jul/…] "` */
function mayBeAccessLog(line: string): boolean {
  return line.includes('] "');
}

/** RFC 3164 begins with a month; newer daemons write RFC 3339 and then host and `program[pid]:`. */
function mayBeSystemLog(line: string): boolean {
  const first = line.charCodeAt(0);
  return first >= 65 ? line.charCodeAt(3) === 32 : line.charCodeAt(10) === 84 && line.indexOf(']: ') > 0;
}

function isLetterOrDigit(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 48 && code <= 57) || (letter >= 97 && letter <= 122);
}

function bounded(record: ParsedRecord): ParsedRecord {
  if (record.message.length <= longestMessage) return record;
  return { ...record, message: `${record.message.slice(0, longestMessage)}…` };
}
