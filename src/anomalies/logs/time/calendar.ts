/** The proleptic Gregorian calendar in whole numbers: no Date is made for a line of a log. */

export const microsPerSecond = 1_000_000;
export const secondsPerDay = 86_400;

/** Days since 1970-01-01. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth[month - 1]!) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** A leap second is read as the second before it. */
export function isTimeOfDay(hour: number, minute: number, second: number): boolean {
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
}

export function yearOf(micros: number): number {
  return new Date(micros / 1000).getUTCFullYear();
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const lowerCase = 0x20;
const monthByLetters = new Map(
  monthNames.map((name, index) => [
    (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2),
    index + 1,
  ]),
);

/** 1 to 12 for the three letters at `at`, in any case; 0 when they name no month. */
export function monthAt(text: string, at: number): number {
  const letters =
    ((text.charCodeAt(at) | lowerCase) << 16) |
    ((text.charCodeAt(at + 1) | lowerCase) << 8) |
    (text.charCodeAt(at + 2) | lowerCase);
  return monthByLetters.get(letters) ?? 0;
}

/** The number of exactly `count` digits at `at`; -1 when there are fewer. */
export function digitsAt(text: string, at: number, count: number): number {
  let value = 0;
  for (let index = at; index < at + count; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Number of digits in a row from `at`, at most `limit`. */
export function digitRun(text: string, at: number, limit: number): number {
  let count = 0;
  while (count < limit) {
    const digit = text.charCodeAt(at + count) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    count++;
  }
  return count;
}
