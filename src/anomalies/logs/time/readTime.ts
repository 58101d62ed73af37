import {
  daysFromCivil,
  digitRun,
  digitsAt,
  isDate,
  isTimeOfDay,
  microsPerSecond,
  monthAt,
  secondsPerDay,
  yearOf,
} from './calendar';
import { readZone, type LocalOffset, type ZoneReading } from './zone';

/**
 * Reads the time at the start of a log line, in the forms that servers, frameworks and system logs write. What a
 * form leaves out comes from the time of arrival (year, date) and from the sender's zone.
 */
export interface TimeContext {
  readonly arrivedAtMicros: number;
  readonly localOffset: LocalOffset;
}

export interface TimeReading {
  /** Microseconds since 1970, UTC. */
  micros: number;
  /** Where the time ends in the text. */
  end: number;
}

const microsPerMinute = 60 * microsPerSecond;
const microsPerDay = secondsPerDay * microsPerSecond;
/** Clocks run ahead a little; a date further ahead than this belongs to the year before. */
const aheadMicros = 2 * microsPerDay;

/** Shared by all calls: reading is synchronous, and nothing is allocated for a line. */
const zone: ZoneReading = { minutes: undefined, end: 0 };

/** True when there is a time at `at`; `reading` then holds it. */
export function readTime(text: string, at: number, context: TimeContext, reading: TimeReading): boolean {
  const first = text.charCodeAt(at);
  if (first >= 48 && first <= 57) return readDigits(text, at, context, reading);
  const month = monthAt(text, at);
  if (month > 0) return readMonthFirst(text, at, month, context, reading);
  return readWeekdayFirst(text, at, context, reading);
}

function readDigits(text: string, at: number, context: TimeContext, reading: TimeReading): boolean {
  const digits = digitRun(text, at, 20);
  const next = text.charCodeAt(at + digits);
  switch (digits) {
    case 4: // 2026-07-01, 2026/07/01, 2026.07.01
      return isSeparator(next) && readYearFirst(text, at, context, reading);
    case 1:
    case 2:
      if (next === 58) return readTimeOnly(text, at, context, reading);
      return readDayFirst(text, at, digits, context, reading);
    case 6: // 081109 203615
      return readCompact(text, at, 2, context, reading);
    case 8: // 20260701T083000Z
      return readCompact(text, at, 4, context, reading);
    case 10:
    case 13:
    case 16:
    case 19:
      return readEpoch(text, at, digits, reading);
    default:
      return false;
  }
}

function readYearFirst(text: string, at: number, context: TimeContext, reading: TimeReading): boolean {
  const date = days(digitsAt(text, at, 4), digitsAt(text, at + 5, 2), digitsAt(text, at + 8, 2));
  if (Number.isNaN(date) || text.charCodeAt(at + 7) !== text.charCodeAt(at + 4)) return false;
  const joint = text.charCodeAt(at + 10);
  if (joint !== 32 && joint !== 84 && joint !== 116 && joint !== 95) return false;
  return readClock(text, at + 11, date, context, reading);
}

/** `01/Jul/2026:08:30:00 +0200`, `01-Jul-2026 08:30:00.123`, `1 Jul 2026 08:30:00`, `07/01/2026 08:30:00 AM`, `01.07.2026 …`, `26/07/01 …`. */
function readDayFirst(
  text: string,
  at: number,
  digits: number,
  context: TimeContext,
  reading: TimeReading,
): boolean {
  const one = digitsAt(text, at, digits);
  const separator = text.charCodeAt(at + digits);
  let next = at + digits + 1;
  let month = monthAt(text, next);
  let day = one;
  if (month > 0) {
    next += 3;
    if (text.charCodeAt(next) !== separator) return false;
  } else {
    const second = digitRun(text, next, 3);
    const two = digitsAt(text, next, second);
    if (second < 1 || second > 2 || !isSeparator(separator)) return false;
    next += second;
    if (text.charCodeAt(next) !== separator) return false;
    const third = digitRun(text, next + 1, 5);
    if (third === 2 && digits === 2 && separator === 47) {
      const date = days(2000 + one, two, digitsAt(text, next + 1, 2));
      return !Number.isNaN(date) && readClock(text, next + 4, date, context, reading);
    }
    // Month first with slashes, as in the United States, unless that is no month.
    [month, day] = separator === 47 && one <= 12 ? [one, two] : [two, one];
  }
  const date = days(digitsAt(text, next + 1, 4), month, day);
  if (Number.isNaN(date)) return false;
  const joint = text.charCodeAt(next + 5);
  if (joint !== 32 && joint !== 58 && joint !== 84 && joint !== 44) return false;
  const clock = joint === 44 && text.charCodeAt(next + 6) === 32 ? next + 7 : next + 6;
  return readClock(text, clock, date, context, reading);
}

/** `Jul  1 08:30:00`, `Jul 1 2026 08:30:00`, `Jul 1, 2026 8:30:00 AM`. */
function readMonthFirst(
  text: string,
  at: number,
  month: number,
  context: TimeContext,
  reading: TimeReading,
  yearLast = false,
): boolean {
  let next = at + 3;
  if (text.charCodeAt(next) !== 32) return false;
  while (text.charCodeAt(next) === 32 && next < at + 6) next++;
  const dayDigits = digitRun(text, next, 3);
  if (dayDigits < 1 || dayDigits > 2) return false;
  const day = digitsAt(text, next, dayDigits);
  next += dayDigits;
  if (text.charCodeAt(next) === 44) next++;
  if (text.charCodeAt(next) !== 32) return false;
  next++;
  if (digitRun(text, next, 5) === 4) {
    const date = days(digitsAt(text, next, 4), month, day);
    return !Number.isNaN(date) && readClock(text, next + 5, date, context, reading);
  }
  if (yearLast && readClock(text, next, 0, context, reading)) {
    const year = reading.end + 1;
    if (text.charCodeAt(year - 1) === 32 && digitRun(text, year, 5) === 4) {
      const date = days(digitsAt(text, year, 4), month, day);
      if (Number.isNaN(date) || !readClock(text, next, date, context, reading)) return false;
      reading.end = year + 4;
      return true;
    }
  }
  return readYearless(text, next, month, day, context, reading);
}

/** The year is the one that puts the time nearest before its arrival. */
function readYearless(
  text: string,
  at: number,
  month: number,
  day: number,
  context: TimeContext,
  reading: TimeReading,
): boolean {
  const year = yearOf(context.arrivedAtMicros);
  for (const candidate of [year + 1, year, year - 1, year - 2, year - 3, year - 4]) {
    const date = days(candidate, month, day);
    if (Number.isNaN(date)) continue;
    if (!readClock(text, at, date, context, reading)) return false;
    if (reading.micros <= context.arrivedAtMicros + aheadMicros) return true;
  }
  return false;
}

/** `Wed, 01 Jul 2026 08:30:00 GMT`, `Wed Jul  1 08:30:00.123456 2026`, `Wed Jul 1 08:30:00 UTC 2026`. */
function readWeekdayFirst(text: string, at: number, context: TimeContext, reading: TimeReading): boolean {
  if (!isWeekday(text, at)) return false;
  let next = at + 3;
  if (text.charCodeAt(next) === 44) next++;
  if (text.charCodeAt(next) !== 32) return false;
  next++;
  const month = monthAt(text, next);
  if (month > 0) return readMonthFirst(text, next, month, context, reading, true);
  const digits = digitRun(text, next, 3);
  return digits > 0 && digits < 3 && readDayFirst(text, next, digits, context, reading);
}

/** `260701 083000` or `20260701T083000Z`. */
function readCompact(
  text: string,
  at: number,
  yearDigits: 2 | 4,
  context: TimeContext,
  reading: TimeReading,
): boolean {
  const year = digitsAt(text, at, yearDigits) + (yearDigits === 2 ? 2000 : 0);
  const date = days(year, digitsAt(text, at + yearDigits, 2), digitsAt(text, at + yearDigits + 2, 2));
  const joint = text.charCodeAt(at + yearDigits + 4);
  const start = at + yearDigits + 5;
  if (Number.isNaN(date) || (joint !== 32 && joint !== 84) || digitRun(text, start, 7) !== 6) return false;
  const hour = digitsAt(text, start, 2);
  const minute = digitsAt(text, start + 2, 2);
  const second = digitsAt(text, start + 4, 2);
  if (!isTimeOfDay(hour, minute, second)) return false;
  return finish(text, start + 6, date, hour, minute, second, context, reading);
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their length; seconds may have a fraction. */
function readEpoch(text: string, at: number, digits: number, reading: TimeReading): boolean {
  const whole = Number(text.slice(at, at + Math.min(digits, 16)));
  let end = at + digits;
  let micros = whole * 10 ** (6 - (Math.min(digits, 16) - 10));
  if (digits === 10 && text.charCodeAt(end) === 46) {
    const fraction = digitRun(text, end + 1, 9);
    micros += fractionMicros(text, end + 1, fraction);
    if (fraction > 0) end += 1 + fraction;
  }
  const next = text.charCodeAt(end);
  // More of the same word: an identifier, not a time.
  if ((next >= 48 && next <= 57) || ((next | 0x20) >= 97 && (next | 0x20) <= 122)) return false;
  reading.micros = micros;
  reading.end = end;
  return true;
}

/** `08:30:00.123` alone: the day is the one that puts it nearest before its arrival. */
function readTimeOnly(text: string, at: number, context: TimeContext, reading: TimeReading): boolean {
  const today = Math.floor(context.arrivedAtMicros / microsPerDay);
  for (const date of [today + 1, today, today - 1]) {
    if (!readClock(text, at, date, context, reading)) return false;
    if (reading.micros <= context.arrivedAtMicros + microsPerMinute) return true;
  }
  return true;
}

/** `H:MM:SS`, a fraction after a point or comma, `AM` or `PM`, and a zone. */
function readClock(
  text: string,
  at: number,
  date: number,
  context: TimeContext,
  reading: TimeReading,
): boolean {
  const hourDigits = digitRun(text, at, 3);
  if (hourDigits < 1 || hourDigits > 2 || text.charCodeAt(at + hourDigits) !== 58) return false;
  let hour = digitsAt(text, at, hourDigits);
  let end = at + hourDigits + 1;
  const minute = digitsAt(text, end, 2);
  end += 2;
  let second = 0;
  if (text.charCodeAt(end) === 58) {
    second = digitsAt(text, end + 1, 2);
    end += 3;
  }
  if (!isTimeOfDay(hour, minute, second)) return false;
  const half = text.charCodeAt(end) === 32 ? text.charCodeAt(end + 1) | 0x20 : 0;
  if ((half === 97 || half === 112) && (text.charCodeAt(end + 2) | 0x20) === 109) {
    if (hour < 1 || hour > 12) return false;
    hour = (hour % 12) + (half === 112 ? 12 : 0);
    end += 3;
  }
  return finish(text, end, date, hour, minute, second, context, reading);
}

function finish(
  text: string,
  at: number,
  date: number,
  hour: number,
  minute: number,
  second: number,
  context: TimeContext,
  reading: TimeReading,
): boolean {
  let end = at;
  let fraction = 0;
  const mark = text.charCodeAt(end);
  if (mark === 46 || mark === 44) {
    const digits = digitRun(text, end + 1, 18);
    if (digits > 0) {
      fraction = fractionMicros(text, end + 1, digits);
      end += 1 + digits;
    }
  }
  const seconds = date * secondsPerDay + hour * 3600 + minute * 60 + Math.min(second, 59);
  const local = seconds * microsPerSecond + fraction;
  readZone(text, end, zone);
  const offset = zone.minutes ?? context.localOffset(local);
  reading.micros = local - offset * microsPerMinute;
  reading.end = zone.minutes === undefined ? end : zone.end;
  return true;
}

function fractionMicros(text: string, at: number, digits: number): number {
  const used = Math.min(digits, 6);
  return used === 0 ? 0 : digitsAt(text, at, used) * 10 ** (6 - used);
}

/** Days since 1970; NaN when it is no date. */
function days(year: number, month: number, day: number): number {
  return year >= 1 && isDate(year, month, day) ? daysFromCivil(year, month, day) : Number.NaN;
}

function isSeparator(code: number): boolean {
  return code === 45 || code === 47 || code === 46;
}

const weekdays = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

function isWeekday(text: string, at: number): boolean {
  const after = text.charCodeAt(at + 3);
  return (after === 44 || after === 32) && weekdays.has(text.slice(at, at + 3).toLowerCase());
}
