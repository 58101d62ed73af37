import { quarterBounds, timestampMs, toTimestamp, type Quarter, type Timestamp } from '../../contracts';

/** Points in time as exports of ticket systems write them, and times for tickets that have none. */

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const numeric =
  /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i;
const named =
  /^(\d{1,2})[-/ ]([a-z]{3})[a-z]*[-/ ](\d{4}|\d{2})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap]m)?)?$/i;

/** Order of day and month in `03/04/2026`. */
export type DateOrder = 'day-first' | 'month-first';

/**
 * Reads ISO 8601, seconds or milliseconds since 1970, `31.12.2026 08:30`, `12/31/26, 8:30 PM` and `31/Dec/26 8:30 PM`.
 * A time without a zone is UTC.
 * @returns undefined when the text is no point in time.
 */
export function readTicketTime(text: string, order: DateOrder): Timestamp | undefined {
  const trimmed = text.trim();
  try {
    if (/^\d{10}(?:\.\d{1,6})?$/.test(trimmed)) return toTimestamp(Math.round(Number(trimmed) * 1_000));
    if (/^\d{13}$/.test(trimmed)) return toTimestamp(Number(trimmed));
    const byNumber = numeric.exec(trimmed);
    if (byNumber) {
      const [, first, separator, second, year, ...time] = byNumber;
      // Dots are how Germany and its neighbours write dates: the day leads.
      const dayFirst = separator === '.' || order === 'day-first';
      return composed(year!, dayFirst ? second! : first!, dayFirst ? first! : second!, time);
    }
    const byName = named.exec(trimmed);
    if (byName) {
      const [, day, month, year, ...time] = byName;
      return composed(year!, String(months.indexOf(month!.toLowerCase()) + 1), day!, time);
    }
    return toTimestamp(trimmed);
  } catch {
    // Only toTimestamp throws here, and only because the text is no point in time.
    return undefined;
  }
}

/** What the texts of a column say about the order; month first when every one fits both. */
export function dateOrderOf(texts: Iterable<string>): DateOrder {
  for (const text of texts) {
    const [, first, , second] = numeric.exec(text.trim()) ?? [];
    if (Number(first) > 12) return 'day-first';
    if (Number(second) > 12) return 'month-first';
  }
  return 'month-first';
}

function composed(
  year: string,
  month: string,
  day: string,
  [hour = '0', minute = '00', second = '00', half = '']: readonly (string | undefined)[],
): Timestamp | undefined {
  const fullYear = year.length === 2 ? Number(year) + 2_000 : Number(year);
  const hours = half === '' ? Number(hour) : (Number(hour) % 12) + (/pm/i.test(half) ? 12 : 0);
  const date = new Date(
    Date.UTC(fullYear, Number(month) - 1, Number(day), hours, Number(minute), Number(second)),
  );
  // Date.UTC carries 31 April over to 1 May; a ticket is not from another day.
  const exact = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day) && hours < 24;
  return exact ? toTimestamp(date) : undefined;
}

/** Fractional part of the golden ratio: its multiples fill a line evenly, however many there are. */
const goldenFraction = (Math.sqrt(5) - 1) / 2;

/** A time within the quarter for the row of this number: the same in every import, and evenly spread. */
export function spreadOver(period: Quarter, row: number): Timestamp {
  const { from, to } = quarterBounds(period);
  const start = timestampMs(from);
  const seconds = Math.floor((((row * goldenFraction) % 1) * (timestampMs(to) - start)) / 1_000);
  return toTimestamp(start + seconds * 1_000);
}
