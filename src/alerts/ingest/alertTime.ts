import { toTimestamp, type Timestamp } from '../../contracts';
import type { LocalTime } from './localTime';

/** Times as senders of alerts write them. */

export interface AlertTime {
  readonly at: Timestamp;
  /** The text named no zone and was read in the one that the settings name. */
  readonly zoneless: boolean;
}

/** Up to this a number is seconds, then milliseconds, microseconds, nanoseconds: each covers 1973 to 5138. */
const largestSeconds = 1e11;
const largestMilliseconds = 1e14;
const largestMicroseconds = 1e17;
const number = /^\d{1,20}(?:\.\d{1,9})?$/;
const written =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;
/** RFC 2822, and what `Date` writes as UTC text: `Wed, 01 Jul 2026 08:00:00 GMT`. */
const mailDate = /^(?:[a-z]{3},\s+)?\d{1,2}\s+[a-z]{3}\s+\d{4}\s+\d{2}:\d{2}:\d{2}\s+(?:GMT|UTC|[+-]\d{4})$/i;
/** Go's zero time and .NET's least one: they mean that there is no time. */
const noTimeYear = 1;

/** Nothing was written, or what means that there is no time yet. */
export function isNoTime(value: unknown): boolean {
  if (value === undefined || value === null || value === 0) return true;
  if (typeof value !== 'string') return false;
  const text = value.trim();
  return text === '' || text === '0' || Number(/^(\d{4})-/.exec(text)?.[1]) === noTimeYear;
}

/**
 * @param value ISO 8601 text, also with slashes or without seconds; a date as mails have it; or a number (also as
 * text) since 1970 in seconds, milliseconds, microseconds or nanoseconds, told apart by its size.
 * @param local reads what names no zone.
 * @returns undefined when it is no point in time.
 */
export function readAlertTime(value: unknown, local: LocalTime): AlertTime | undefined {
  if (typeof value === 'number') return zoned(fromNumber(value));
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (number.test(text)) return zoned(fromNumber(Number(text)));
  const parts = written.exec(text);
  if (parts) return fromParts(parts, local);
  return mailDate.test(text) ? zoned(fromMilliseconds(Date.parse(text))) : undefined;
}

function fromParts(parts: RegExpExecArray, local: LocalTime): AlertTime | undefined {
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = parts;
  const wall = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  // Date.UTC carries 31 April over to 1 May, and hour 25 to the next day.
  const exact =
    new Date(wall).getUTCDate() === Number(day) &&
    new Date(wall).getUTCMonth() === Number(month) - 1 &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!exact) return undefined;
  const utc = zone === undefined ? local.utcOf(wall) : wall - offsetMs(zone);
  const whole = fromMilliseconds(utc);
  if (whole === undefined) return undefined;
  return {
    at: `${whole.slice(0, 20)}${fraction.slice(0, 6).padEnd(6, '0')}Z`,
    zoneless: zone === undefined,
  };
}

function offsetMs(zone: string): number {
  if (/^[a-z]/i.test(zone)) return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', '') || 0)) * 60_000;
}

function fromNumber(value: number): Timestamp | undefined {
  if (!Number.isFinite(value) || value < 0) return undefined;
  if (value <= largestSeconds) return fromMilliseconds(value * 1_000);
  if (value <= largestMilliseconds) return fromMilliseconds(value);
  return fromMilliseconds(value <= largestMicroseconds ? value / 1_000 : value / 1_000_000);
}

function fromMilliseconds(milliseconds: number): Timestamp | undefined {
  const date = new Date(Math.round(milliseconds));
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? toTimestamp(date) : undefined;
}

function zoned(at: Timestamp | undefined): AlertTime | undefined {
  return at === undefined ? undefined : { at, zoneless: false };
}
