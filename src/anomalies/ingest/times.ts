import { toTimestamp, timestampMs, type Timestamp } from '../../contracts';
import { timestampOf } from '../../platform/warehouse/microseconds';

/** Times as senders write them. */

/** Up to this a number is seconds, then milliseconds, microseconds, nanoseconds: each covers 1973 to 5138. */
const largestSeconds = 1e11;
const largestMilliseconds = 1e14;
const largestMicroseconds = 1e17;
const whole = /^-?\d{1,20}$/;
const decimal = /^-?\d{1,17}\.\d{1,12}(?:[eE][+]?\d{1,2})?$/;

/**
 * @param value ISO 8601 text (UTC where it names no zone), a Date, or a number (also as text) since 1970 in
 * seconds, milliseconds, microseconds or nanoseconds, told apart by its size.
 * @returns undefined when it is no point in time.
 */
export function readTime(value: unknown): Timestamp | undefined {
  try {
    if (typeof value === 'bigint') return fromMicroseconds(microsecondsOfWhole(value));
    if (typeof value === 'number') return fromNumber(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : toTimestamp(value);
    if (typeof value !== 'string') return undefined;
    const text = value.trim();
    if (whole.test(text)) return fromMicroseconds(microsecondsOfWhole(BigInt(text)));
    if (decimal.test(text)) return fromNumber(Number(text));
    return checked(toTimestamp(text));
  } catch {
    // Whoever asks says what the time was of; how it failed to be one tells nothing more.
    return undefined;
  }
}

/** Nanoseconds since 1970, as OTLP writes them: 0 means that there is no time. */
export function readNanoseconds(value: unknown): Timestamp | undefined {
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text) || /^0+$/.test(text)) return undefined;
  return fromMicroseconds(BigInt(text) / 1_000n);
}

function fromNumber(value: number): Timestamp | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (Number.isSafeInteger(value)) return fromMicroseconds(microsecondsOfWhole(BigInt(value)));
  const size = Math.abs(value);
  // A fraction of nanoseconds or microseconds says nothing that could be stored.
  const microseconds =
    size <= largestSeconds
      ? value * 1e6
      : size <= largestMilliseconds
        ? value * 1e3
        : size <= largestMicroseconds
          ? value
          : value / 1e3;
  return fromMicroseconds(BigInt(Math.round(microseconds)));
}

function microsecondsOfWhole(value: bigint): bigint {
  const size = value < 0n ? -value : value;
  if (size <= BigInt(largestSeconds)) return value * 1_000_000n;
  if (size <= BigInt(largestMilliseconds)) return value * 1_000n;
  if (size <= BigInt(largestMicroseconds)) return value;
  return value / 1_000n;
}

function fromMicroseconds(microseconds: bigint): Timestamp | undefined {
  return checked(timestampOf(microseconds));
}

function checked(timestamp: Timestamp): Timestamp | undefined {
  return Number.isNaN(timestampMs(timestamp)) ? undefined : timestamp;
}
