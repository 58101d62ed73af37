import { createHash } from 'node:crypto';
import {
  QuarterdeckError,
  shiftTimestamp,
  toTimestamp,
  type ChangeEvent,
  type QuarantinedRow,
  type Timestamp,
} from '../../contracts';
import type { ChangeListQuery, ChangeReceipt } from '../../contracts/alertHttp';
import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import { isNoTime, readAlertTime } from '../ingest/alertTime';
import { excerptOf, type Refusal } from '../ingest/candidate';
import { boundedLabels } from '../ingest/labels';
import { LocalTime } from '../ingest/localTime';
import { alertQuarantineSource } from '../ingest/storeAlerts';
import { changeRecords, decodeChange, type ChangeCandidate } from './decodeChange';

const longestText = 500;
const longestDescription = 4_096;
const idDigits = 32;
/** A change may be announced ahead, but not by a clock that is wrong. */
const latestDays = 1;

/**
 * Stores changes by id, so that the later word about a deployment replaces the earlier one; what is none is set aside
 * and told. A change without a time is of now.
 */
export async function receiveChanges(
  platform: Platform,
  body: unknown,
  signal: AbortSignal,
): Promise<ChangeReceipt> {
  const arrivedAt = toTimestamp(platform.clock.now());
  const local = new LocalTime(platform.settings.ALERT_TIME_ZONE);
  const events: ChangeEvent[] = [];
  const aside: QuarantinedRow[] = [];
  const rejected: { index: number; code: string; message: string }[] = [];
  let ignored = 0;
  for (const [index, record] of changeRecords(body).entries()) {
    const decoded = decodeChange(record);
    if ('ignored' in decoded) {
      ignored++;
      continue;
    }
    const checked = 'refusal' in decoded ? decoded.refusal : checkChange(decoded.candidate, arrivedAt, local);
    if ('changeId' in checked) events.push(checked);
    else {
      rejected.push({ index, ...checked });
      aside.push(setAside(record, checked, index, arrivedAt));
    }
  }
  await platform.warehouse.mergeQuarantined(aside, signal);
  await platform.warehouse.mergeChangeEvents(events, signal);
  return {
    accepted: events.length,
    changeIds: events.map(({ changeId }) => changeId),
    ignored,
    rejected,
  };
}

/** @throws INPUT_INVALID for a time that is none. */
export async function listChanges(
  platform: Platform,
  { from, to, service, limit }: ChangeListQuery,
  signal: AbortSignal,
): Promise<{ changes: ChangeEvent[] }> {
  const local = new LocalTime(platform.settings.ALERT_TIME_ZONE);
  const timeOf = (field: string, value: string): Timestamp => {
    const time = readAlertTime(value, local);
    if (time) return time.at;
    throw new QuarterdeckError('INPUT_INVALID', `query.${field} is no point in time`, {
      culprit: { field: `query.${field}` },
    });
  };
  const until = to === undefined ? shiftTimestamp(toTimestamp(platform.clock.now()), 1) : timeOf('to', to);
  const since = from === undefined ? shiftTimestamp(until, -86_400_000) : timeOf('from', from);
  const query = { from: since, to: until, limit, ...(service !== undefined && { service }) };
  return { changes: await platform.warehouse.changeEventsBetween(query, signal) };
}

function checkChange(
  candidate: ChangeCandidate,
  arrivedAt: Timestamp,
  local: LocalTime,
): ChangeEvent | Refusal {
  const { source, service, title, version } = candidate;
  if (title === undefined) {
    return { code: 'NAME_MISSING', message: 'the change names neither a title nor a service' };
  }
  const at = isNoTime(candidate.at) ? arrivedAt : readAlertTime(candidate.at, local)?.at;
  const finishedAt = isNoTime(candidate.finishedAt) ? null : readAlertTime(candidate.finishedAt, local)?.at;
  if (at === undefined || finishedAt === undefined) {
    return {
      code: 'TIME_INVALID',
      message: `${at === undefined ? 'at' : 'finishedAt'} is no point in time`,
    };
  }
  if (finishedAt !== null && finishedAt < at) {
    return { code: 'END_BEFORE_START', message: `it ends at ${finishedAt}, before its start at ${at}` };
  }
  if (at > shiftTimestamp(arrivedAt, latestDays * 86_400_000)) {
    return { code: 'TIME_OUT_OF_RANGE', message: `it begins at ${at}, more than a day ahead` };
  }
  const cut = (text: string | undefined): string | null => text?.slice(0, longestText) ?? null;
  return {
    changeId: cut(candidate.id) ?? makeId([source, service ?? '', title, version ?? '', at]),
    source: source.slice(0, longestText),
    kind: candidate.kind,
    service: cut(service),
    title: title.trim().slice(0, longestText),
    description: (candidate.description ?? '').slice(0, longestDescription),
    version: cut(version),
    status: cut(candidate.status),
    at,
    finishedAt,
    author: cut(candidate.author),
    url: cut(candidate.url),
    labels: boundedLabels(candidate.labels).labels,
    arrivedAt,
  };
}

function setAside(record: unknown, { code, message }: Refusal, index: number, at: Timestamp): QuarantinedRow {
  const excerpt = excerptOf(record);
  return {
    source: alertQuarantineSource,
    key: `${makeId([excerpt])}#${index}`,
    reasonCode: code,
    detail: message,
    rowJson: JSON.stringify({ shape: 'change', index, excerpt: redactSecrets(excerpt) }),
    at,
  };
}

function makeId(parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return `c-${createHash('sha256').update(text).digest('hex').slice(0, idDigits)}`;
}
