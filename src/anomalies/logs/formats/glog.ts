import { levelOfLetter } from '../level';
import { emptyMetadata, type ParseContext, type ParsedRecord } from '../parsedRecord';
import { digitRun } from '../time/calendar';
import { readTime, type TimeReading } from '../time/readTime';

/** glog and klog, as Kubernetes writes: `I0701 08:30:00.123456    1234 file.go:12] message`. */

const longestHead = 200;
/** `0701` and `2026-07-01` differ by this many characters. */
const datePadding = 6;
/** Clocks run ahead a little. */
const aheadMicros = 172_800_000_000;
const reading: TimeReading = { micros: 0, end: 0 };

/** Undefined when the line is not of this form. */
export function parseGlogRecord(line: string, context: ParseContext): ParsedRecord | undefined {
  const level = levelOfLetter(line.charAt(0));
  if (level === undefined || digitRun(line, 1, 5) !== 4 || line.charCodeAt(5) !== 32) return undefined;
  const bracket = line.indexOf('] ');
  if (bracket < 0 || bracket > longestHead) return undefined;
  // The year is not written: the one that puts the time nearest before its arrival.
  const year = new Date(context.arrivedAtMicros / 1000).getUTCFullYear();
  const monthAndDay = `${line.slice(1, 3)}-${line.slice(3, 5)}`;
  const clock = line.slice(5, bracket);
  if (!readTime(`${year}-${monthAndDay}${clock}`, 0, context, reading)) return undefined;
  const end = reading.end - datePadding + 1;
  if (reading.micros > context.arrivedAtMicros + aheadMicros) {
    readTime(`${year - 1}-${monthAndDay}${clock}`, 0, context, reading);
  }
  const metadata = emptyMetadata();
  const [thread = '', file = ''] = line.slice(end, bracket).trim().split(/\s+/, 2);
  metadata['thread'] = thread;
  return {
    atMicros: reading.micros,
    level,
    source: file === '' ? null : file,
    message: line.slice(bracket + 2),
    metadata,
    format: 'plain',
  };
}
