import { toTimestamp, type Timestamp } from '../../contracts';

/** The latest moment that the alerts speak of. */
export function latestMoment(
  alerts: readonly { startsAt: Timestamp; endsAt: Timestamp | null }[],
): Timestamp {
  let latest = toTimestamp(0);
  for (const { startsAt, endsAt } of alerts) {
    if (startsAt > latest) latest = startsAt;
    if (endsAt !== null && endsAt > latest) latest = endsAt;
  }
  return latest;
}
