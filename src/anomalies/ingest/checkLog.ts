import { createHash } from 'node:crypto';
import type { LogEvent, Timestamp } from '../../contracts';
import { redactSecrets } from '../../platform/redaction';
import type { ParseContext } from '../logs';
import type { Refusal } from './batch';
import { checkName, checkTime, type TimeRange } from './checkPoint';
import { isGiven, parseLog, type RawLogRecord } from './logParsing';

/** Longest message that a table keeps; the whole one stays in the raw-logs container. */
const messageCharacters = 16_384;
const sourceCharacters = 200;

export interface LogBatch {
  readonly batchId: string;
  readonly arrivedAt: Timestamp;
  readonly range: TimeRange;
  readonly context: ParseContext;
}

/** An event whose template is still to be found. */
export type UntemplatedEvent = Omit<LogEvent, 'templateId'>;

/** The event that a log record is, or why it is none. A record without a time happened when it arrived. */
export function checkLog(
  raw: RawLogRecord,
  position: string,
  { batchId, arrivedAt, range, context }: LogBatch,
): UntemplatedEvent | Refusal {
  const wrongName = checkName('instance', raw.instance);
  if (wrongName) return wrongName;
  const cut = raw.text.length > messageCharacters;
  const parsed = parseLog(cut ? { ...raw, text: raw.text.slice(0, messageCharacters) } : raw, context);
  if (parsed.at === undefined && isGiven(raw.at)) {
    return { code: 'TIME_INVALID', message: `not a time: ${(JSON.stringify(raw.at) ?? '').slice(0, 60)}` };
  }
  const at = parsed.at ?? arrivedAt;
  const wrongTime = checkTime(at, range);
  if (wrongTime) return wrongTime;
  const metadata = {
    ...parsed.metadata,
    ...(parsed.at === undefined && { time_from: 'arrival' }),
    ...(cut && { message_cut: true, message_characters: raw.text.length }),
  };
  return {
    recordId: raw.id === undefined ? `${batchId}-${position}` : ownId(raw.instance!, raw.id),
    instance: raw.instance!,
    at,
    level: parsed.level,
    source: parsed.source === null ? null : parsed.source.slice(0, sourceCharacters),
    message: redactSecrets(parsed.message),
    metadataJson: redactSecrets(JSON.stringify(metadata)),
    batchId,
    arrivedAt,
  };
}

function ownId(instance: string, id: string): string {
  return `e-${createHash('sha256').update(`${instance}\n${id}`).digest('hex').slice(0, 32)}`;
}
