import { QuarterdeckError } from './errors';

/**
 * A point in time as text: UTC, fixed width, microseconds, `2026-07-01T08:30:00.000000Z`. Fixed width makes
 * lexical order the order in time, and microseconds are what both warehouse engines store, so a watermark
 * read back equals the one written.
 */
export type Timestamp = string;

const pattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,9}))?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;

/**
 * @param value a Date, milliseconds since 1970, or ISO 8601 text; text without a zone is read as UTC.
 * @throws INPUT_INVALID when the value is no point in time.
 */
export function toTimestamp(value: Date | number | string): Timestamp {
  if (typeof value === 'string') {
    const match = pattern.exec(value.trim());
    if (match) {
      const [, date, time, fraction = '', zone = 'Z'] = match;
      const seconds = time!.length === 5 ? `${time}:00` : time;
      const milliseconds = Date.parse(`${date}T${seconds}${/^(z|utc)$/i.test(zone) ? 'Z' : zone}`);
      if (!Number.isNaN(milliseconds)) {
        const whole = new Date(milliseconds).toISOString().slice(0, 19);
        return `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
      }
    }
    const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(value.trim())
      ? Date.parse(`${value.trim()}T00:00:00Z`)
      : Number.NaN;
    if (!Number.isNaN(dateOnly)) return toTimestamp(dateOnly);
    throw notATime(value);
  }
  const date = typeof value === 'number' ? new Date(value) : value;
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999)
    throw notATime(value);
  return date.toISOString().replace(/Z$/, '000Z').replace(/^\+00/, '');
}

/** Milliseconds since 1970; the microseconds are cut off. */
export function timestampMs(timestamp: Timestamp): number {
  return Date.parse(`${timestamp.slice(0, 23)}Z`);
}

/** The timestamp `milliseconds` later (earlier when negative), its microseconds kept. */
export function shiftTimestamp(timestamp: Timestamp, milliseconds: number): Timestamp {
  const shifted = new Date(timestampMs(timestamp) + milliseconds).toISOString().slice(0, 23);
  return `${shifted}${timestamp.slice(23, 26)}Z`;
}

function notATime(value: unknown): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', `not a point in time: ${JSON.stringify(value)}`);
}
