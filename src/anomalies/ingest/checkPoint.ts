import {
  longestObservedName,
  shiftTimestamp,
  toTimestamp,
  type MetricPoint,
  type Timestamp,
} from '../../contracts';
import type { MetricCandidate, Refusal } from './batch';
import { readTime } from './times';

/** What a record must be to go into the tables; the rest is set aside with its reason. */

const dayMs = 86_400_000;
const minuteMs = 60_000;
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const controlCharacter = /[\u0000-\u001F\u007F]/;

/** Times that a batch's records may have. */
export interface TimeRange {
  readonly earliest: Timestamp;
  readonly latest: Timestamp;
}

/**
 * A sender's clock that jumps writes times far from now: such records are set aside, because a point in the wrong
 * month would spoil what is learnt from it.
 */
export function acceptedTimes(
  arrivedAt: Timestamp,
  limits: { readonly maximumAgeDays: number; readonly maximumFutureMinutes: number },
): TimeRange {
  return {
    earliest: shiftTimestamp(arrivedAt, -limits.maximumAgeDays * dayMs),
    latest: shiftTimestamp(arrivedAt, limits.maximumFutureMinutes * minuteMs),
  };
}

/** Of a file that somebody brings in himself: what is outside was read in the wrong unit. */
export const importedTimes: TimeRange = {
  earliest: toTimestamp(Date.UTC(1980, 0, 1)),
  latest: toTimestamp(Date.UTC(2100, 0, 1)),
};

export function checkTime(at: Timestamp, { earliest, latest }: TimeRange): Refusal | undefined {
  if (at < earliest) return { code: 'TIME_OUT_OF_RANGE', message: `${at} lies before ${earliest}` };
  if (at > latest) return { code: 'TIME_OUT_OF_RANGE', message: `${at} lies after ${latest}` };
  return undefined;
}

export function checkName(what: 'instance' | 'metric', name: string | undefined): Refusal | undefined {
  if (name === undefined || name === '') {
    return what === 'instance'
      ? { code: 'INSTANCE_MISSING', message: 'the record names no instance, and the request no ?instance=' }
      : { code: 'NAME_INVALID', message: 'the record names no metric' };
  }
  if (name.length > longestObservedName) {
    const message = `a ${what} name of ${name.length} characters, at most ${longestObservedName} are kept`;
    return { code: 'NAME_INVALID', message };
  }
  if (controlCharacter.test(name)) {
    return { code: 'NAME_INVALID', message: `the ${what} name holds control characters` };
  }
  return undefined;
}

/** Makes of a candidate the point that it is, or says why it is none. */
export function pointCheck(
  batch: { readonly batchId: string; readonly arrivedAt: Timestamp },
  range: TimeRange,
): (candidate: MetricCandidate) => MetricPoint | Refusal {
  // The points of a wide record share their time, and the points of a batch their names.
  let lastAt: unknown;
  let lastTime: Timestamp | Refusal = { code: 'TIME_MISSING', message: '' };
  const names = new Map<string, Refusal | undefined>();
  const nameProblem = (what: 'instance' | 'metric', name: string | undefined): Refusal | undefined => {
    const key = `${what} ${name ?? ''}`;
    if (!names.has(key)) {
      if (names.size >= namesRemembered) names.clear();
      names.set(key, checkName(what, name));
    }
    return names.get(key);
  };
  return ({ instance, metric, at, value, kind, unit }) => {
    const wrongName = nameProblem('instance', instance) ?? nameProblem('metric', metric);
    if (wrongName) return wrongName;
    if (at !== lastAt || at === undefined) {
      lastTime = timeOf(at, range);
      lastAt = at;
    }
    if (typeof lastTime !== 'string') return lastTime;
    if (value === undefined || value === null || value === '') {
      return { code: 'VALUE_MISSING', message: `${metric} has no value` };
    }
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return { code: 'VALUE_NOT_FINITE', message: `${metric}: not a finite number: ${shown(value)}` };
    }
    return {
      instance: instance!,
      metric,
      at: lastTime,
      value,
      kind,
      unit: unit === null ? null : unit.slice(0, longestObservedName),
      batchId: batch.batchId,
      arrivedAt: batch.arrivedAt,
    };
  };
}

const namesRemembered = 10_000;

function timeOf(at: unknown, range: TimeRange): Timestamp | Refusal {
  if (at === undefined || at === null || at === '') {
    return { code: 'TIME_MISSING', message: 'the record has no time' };
  }
  const time = readTime(at);
  if (time === undefined) return { code: 'TIME_INVALID', message: `not a time: ${shown(at)}` };
  return checkTime(time, range) ?? time;
}

const shownCharacters = 60;

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing');
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}
