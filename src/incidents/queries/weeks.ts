import { shiftTimestamp, timestampMs, toTimestamp, type Timestamp } from '../../contracts';

/** Weeks of a cluster: counted from Monday, 00:00 UTC. */

export interface Week {
  readonly week: Timestamp;
  readonly incidents: number;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** Weeks on each side of the trend: short enough to be news, long enough to level out single days. */
const trendWeeks = 4;

/** The Monday at or before a moment. */
export function weekOf(moment: Timestamp): Timestamp {
  const day = Math.floor(timestampMs(moment) / dayMs);
  // Day 0 of the epoch was a Thursday; the remainder of days before it is negative.
  return toTimestamp((day - ((((day + 3) % 7) + 7) % 7)) * dayMs);
}

/** Both histories; of a week that stands in both, the larger count: the other version saw a part of it. */
export function joinWeeks(earlier: readonly Week[], later: readonly Week[]): Week[] {
  const counts = new Map(later.map(({ week, incidents }) => [week, incidents]));
  for (const { week, incidents } of earlier) counts.set(week, Math.max(counts.get(week) ?? 0, incidents));
  return Array.from(counts, ([week, incidents]) => ({ week, incidents }));
}

/** Every week from the first to the last, those without tickets included. */
export function fillWeeks(weeks: readonly Week[], first: Timestamp, last: Timestamp): Week[] {
  const counts = new Map(weeks.map(({ week, incidents }) => [week, incidents]));
  const filled: Week[] = [];
  for (let week = weekOf(first); week <= weekOf(last); week = shiftTimestamp(week, weekMs)) {
    filled.push({ week, incidents: counts.get(week) ?? 0 });
  }
  return filled;
}

/**
 * The last four full weeks against the four before, as a relative change; null when history does not reach back so
 * far or held nothing to compare with.
 *
 * @param newest time of the newest ticket of the centre: its week is not full yet
 * @param oldest time of the oldest one
 */
export function trendOf(weeks: readonly Week[], oldest: Timestamp, newest: Timestamp): number | null {
  const current = weekOf(newest);
  const sumBetween = (from: number, to: number): number => {
    const start = shiftTimestamp(current, -from * weekMs);
    const end = shiftTimestamp(current, -to * weekMs);
    return weeks.reduce(
      (sum, { week, incidents }) => (week >= start && week < end ? sum + incidents : sum),
      0,
    );
  };
  if (weekOf(oldest) > shiftTimestamp(current, -2 * trendWeeks * weekMs)) return null;
  const before = sumBetween(2 * trendWeeks, trendWeeks);
  return before === 0 ? null : (sumBetween(trendWeeks, 0) - before) / before;
}
