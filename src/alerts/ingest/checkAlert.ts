import { shiftTimestamp, type Alert, type AlertStatus, type Timestamp } from '../../contracts';
import { isNoTime, readAlertTime } from './alertTime';
import type { AlertCandidate, CheckedAlert, Refusal } from './candidate';
import { makeAlertId, makeFingerprint } from './fingerprint';
import { boundedLabels } from './labels';
import type { LocalTime } from './localTime';
import { readSeverity } from './severity';
import { readStatus } from './status';

export interface CheckContext {
  /** When the file or the batch came. */
  readonly arrivedAt: Timestamp;
  /** Reads times that name no zone. */
  readonly local: LocalTime;
  /** The first and the last moment that a start may lie in. */
  readonly earliest: Timestamp;
  readonly latest: Timestamp;
  /**
   * A webhook comes when something happens: what does not say when it began or ended did so now. A file tells of
   * the past, and a row without a start is set aside.
   */
  readonly happensNow: boolean;
}

/** Before any monitoring that exports its history: a clock that was never set. */
const earliest = '1990-01-01T00:00:00.000000Z';
/**
 * A file may come from a machine whose clock differs, or hold an exercise that is planned; what lies further ahead
 * would only make a run believe that it is then.
 */
const fileAheadMs = 366 * 86_400_000;

/** How far ahead of its arrival a start may lie, and how old what still fires may be. */
export function webhookTimes(
  arrivedAt: Timestamp,
  maximumFutureMinutes: number,
): Pick<CheckContext, 'earliest' | 'latest'> {
  return { earliest, latest: shiftTimestamp(arrivedAt, maximumFutureMinutes * 60_000) };
}

/** The same of a file that is read then. */
export function fileTimes(arrivedAt: Timestamp): Pick<CheckContext, 'earliest' | 'latest'> {
  return { earliest, latest: shiftTimestamp(arrivedAt, fileAheadMs) };
}

/** Longer ones are no names: somebody put a text into the wrong column. */
const longestName = 1_000;
const longestKey = 1_000;
/** Characters of a description that are kept in the table. */
const longestDescription = 16_384;

/** The one shape of all alerts from what a sender says, or why it cannot be one. */
export function checkAlert(candidate: AlertCandidate, context: CheckContext): CheckedAlert | Refusal {
  const name = shortText('name', candidate.name, longestName);
  if (isRefusal(name)) return name;
  if (name.text === null) return { code: 'NAME_MISSING', message: 'the alert has no name' };
  const fields = texts(candidate);
  if (isRefusal(fields)) return fields;
  const times = readTimes(candidate, context);
  if (isRefusal(times)) return times;
  const { startsAt, endsAt, status, saidAt, startUnknown, zonelessTimes, unknownStatus } = times;

  const { source } = candidate;
  const { service, resource, id } = fields;
  const given = candidate.labels ?? [];
  const fingerprint =
    fields.fingerprint ?? makeFingerprint({ source, name: name.text, service, resource, labels: given });
  const { labels, cut } = boundedLabels([...given, ...(candidate.attributes ?? [])]);
  const { severity, unknownWord } = readSeverity(candidate.vocabulary ?? source, candidate.severity);
  const alert: Alert = {
    id: id ?? makeAlertId(source, fingerprint, startsAt),
    source,
    name: name.text,
    service,
    resource,
    severity,
    status,
    startsAt,
    endsAt,
    labels: withWords(labels, { severity: unknownWord, status: unknownStatus }),
    description: fields.description,
    fingerprint,
  };
  return {
    alert,
    startUnknown: startUnknown && id === null,
    idGiven: id !== null,
    saidAt,
    oddities: { zonelessTimes, unknownSeverity: unknownWord, unknownStatus, labelsCut: cut },
  };
}

/** Nothing says when it began, ended or was said: all that is known is when it came. */
export function isUndated({ startsAt, endsAt, saidAt }: AlertCandidate): boolean {
  return isNoTime(startsAt) && isNoTime(endsAt) && isNoTime(saidAt);
}

export function isRefusal(value: object): value is Refusal {
  return 'code' in value && 'message' in value;
}

/** Words that nobody knows stay where somebody can look them up. */
function withWords(
  labels: Readonly<Record<string, string>>,
  words: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const missing = Object.entries(words).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !Object.hasOwn(labels, entry[0]),
  );
  return missing.length === 0 ? labels : { ...labels, ...Object.fromEntries(missing) };
}

interface Texts {
  readonly id: string | null;
  readonly fingerprint: string | null;
  readonly service: string | null;
  readonly resource: string | null;
  readonly description: string;
}

function texts(candidate: AlertCandidate): Texts | Refusal {
  const read: Record<string, string | null> = {};
  for (const field of ['id', 'fingerprint', 'service', 'resource'] as const) {
    const value = shortText(field, candidate[field], longestKey);
    if (isRefusal(value)) return value;
    read[field] = value.text;
  }
  const description = textOf(candidate.description);
  if (description === undefined) return wrongType('description', candidate.description);
  return {
    id: read['id']!,
    fingerprint: read['fingerprint']!,
    service: read['service']!,
    resource: read['resource']!,
    description:
      description.length > longestDescription ? `${description.slice(0, longestDescription)}…` : description,
  };
}

interface Times {
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp | null;
  readonly status: AlertStatus;
  readonly saidAt: Timestamp;
  readonly startUnknown: boolean;
  readonly zonelessTimes: number;
  readonly unknownStatus: string | undefined;
}

function readTimes(candidate: AlertCandidate, context: CheckContext): Times | Refusal {
  let zonelessTimes = 0;
  const read = (field: 'startsAt' | 'endsAt' | 'saidAt'): Timestamp | null | Refusal => {
    const value = candidate[field];
    if (isNoTime(value)) return null;
    const time = readAlertTime(value, context.local);
    if (time === undefined) {
      return { code: 'TIME_INVALID', message: `${field} is no point in time: ${shown(value)}` };
    }
    if (time.zoneless) zonelessTimes++;
    return time.at;
  };
  const startGiven = read('startsAt');
  if (startGiven !== null && typeof startGiven === 'object') return startGiven;
  const endGiven = read('endsAt');
  if (endGiven !== null && typeof endGiven === 'object') return endGiven;
  const said = read('saidAt');
  if (said !== null && typeof said === 'object') return said;

  const saidAt = said ?? context.arrivedAt;
  if (startGiven === null && !context.happensNow) {
    return { code: 'TIME_MISSING', message: 'the alert does not say when it began' };
  }
  const word = candidate.status;
  const told = isNothing(word) ? undefined : readStatus(word);
  const unknownStatus = told === undefined && !isNothing(word) ? shown(word) : undefined;
  // An end that lies ahead is when a sender will take the alert for over: it still fires.
  const ended = endGiven !== null && (endGiven <= context.arrivedAt || told === 'resolved');
  const status = ended ? 'resolved' : (told ?? 'firing');
  const endsAt =
    status !== 'resolved' ? null : (endGiven ?? (context.happensNow ? laterOf(saidAt, startGiven) : null));
  const startsAt = startGiven ?? (endsAt !== null && endsAt < saidAt ? endsAt : saidAt);
  if (endsAt !== null && endsAt < startsAt) {
    return { code: 'END_BEFORE_START', message: `it ends at ${endsAt}, before its start at ${startsAt}` };
  }
  if (startsAt < context.earliest || startsAt > context.latest) {
    const message = `it begins at ${startsAt}, outside ${context.earliest} to ${context.latest}`;
    return { code: 'TIME_OUT_OF_RANGE', message };
  }
  return {
    startsAt,
    endsAt,
    status,
    saidAt,
    startUnknown: startGiven === null,
    zonelessTimes,
    unknownStatus,
  };
}

/** A clock that runs behind must not end an alert before it began. */
function laterOf(saidAt: Timestamp, startsAt: Timestamp | null): Timestamp {
  return startsAt !== null && startsAt > saidAt ? startsAt : saidAt;
}

function shortText(
  field: string,
  value: unknown,
  longest: number,
): { readonly text: string | null } | Refusal {
  const text = textOf(value)?.trim();
  if (text === undefined) return wrongType(field, value);
  if (text.length > longest) {
    const message = `${field} has ${text.length} characters, at most ${longest} are taken`;
    return { code: 'FIELD_INVALID', message };
  }
  return { text: text === '' ? null : text };
}

/** Text of a value that is text, a number or a flag; empty for none, undefined for anything else. */
function textOf(value: unknown): string | undefined {
  if (isNothing(value)) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function wrongType(field: string, value: unknown): Refusal {
  return {
    code: 'FIELD_INVALID',
    message: `${field} is ${Array.isArray(value) ? 'a list' : `of type ${typeof value}`}, expected text`,
  };
}

function shown(value: unknown): string {
  return (typeof value === 'string' ? value.trim() : (JSON.stringify(value) ?? '')).slice(0, 100);
}
