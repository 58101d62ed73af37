import { QuarterdeckError, shiftTimestamp, type Timestamp } from '../../../contracts';

const minuteMs = 60_000;
const wholeMinutes = /^\d{1,9}$/;

/**
 * Reads the time column of a file whose rows are numbered by the minute, as public data sets often are.
 * @param start time of minute 0; without it times are read as they stand.
 * @throws INPUT_INVALID when the column is called `minute` and nobody says when minute 0 was.
 */
export function minuteTime(
  column: string | undefined,
  start: Timestamp | undefined,
): ((value: unknown) => unknown) | undefined {
  if (start === undefined) {
    if (column?.trim().toLowerCase() !== 'minute') return undefined;
    throw new QuarterdeckError(
      'INPUT_INVALID',
      `the column ${column} numbers minutes: say when minute 0 was, e.g. --start 2026-01-01T00:00:00Z`,
      { culprit: { option: 'start', column } },
    );
  }
  return (value) => {
    const text = String(value).trim();
    return wholeMinutes.test(text) ? shiftTimestamp(start, Number(text) * minuteMs) : value;
  };
}
