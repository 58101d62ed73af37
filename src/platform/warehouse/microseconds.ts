import { QuarterdeckError, timestampMs, toTimestamp, type Timestamp } from '../../contracts';

/** Both engines keep time as microseconds since 1970 in 64 bits; a JavaScript number is too narrow for year 9999. */
export function microsecondsOf(timestamp: Timestamp): bigint {
  return BigInt(timestampMs(timestamp)) * 1000n + BigInt(timestamp.slice(23, 26));
}

export function timestampOf(microseconds: bigint): Timestamp {
  let rest = microseconds % 1000n;
  if (rest < 0n) rest += 1000n;
  const milliseconds = Number((microseconds - rest) / 1000n);
  return `${toTimestamp(milliseconds).slice(0, 23)}${rest.toString().padStart(3, '0')}Z`;
}

const canonicalForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;

/** Rows from outside may carry another ISO 8601 form. Throws INPUT_INVALID. */
export function canonical(timestamp: string): Timestamp {
  const text = canonicalForm.test(timestamp) ? timestamp : toTimestamp(timestamp);
  if (Number.isNaN(timestampMs(text))) {
    throw new QuarterdeckError('INPUT_INVALID', `not a point in time: ${JSON.stringify(timestamp)}`);
  }
  return text;
}
