import type { Alert } from '../../contracts';

/**
 * Ids that senders give should name a firing; some name the rule, and come again with another service or another day.
 * What differs must not be taken for one, so it is kept under an id of its own that every repetition ends at, too.
 */

const digits = 8;

/**
 * @param known what is kept under an id
 * @returns the id under which the alert is kept: its own, or one made from it where that belongs to something else
 */
export function firingId(known: (id: string) => Alert | undefined, alert: Alert): string {
  let { id } = alert;
  for (;;) {
    const other = known(id);
    if (other === undefined) return id;
    const beside = isOtherCondition(other, alert)
      ? `${alert.id}~${alert.fingerprint.slice(0, digits)}`
      : isOtherTime(other, alert)
        ? `${id}@${alert.startsAt}`
        : id;
    if (beside === id || beside.length <= id.length) return beside;
    id = beside;
  }
}

/** Labels may change while something fires; its name and what it is about do not. */
function isOtherCondition(a: Alert, b: Alert): boolean {
  return a.name !== b.name || differ(a.service, b.service) || differ(a.resource, b.resource);
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b;
}

/** One was over before the other began. */
function isOtherTime(a: Alert, b: Alert): boolean {
  if (a.startsAt === b.startsAt) return false;
  const [first, second] = a.startsAt < b.startsAt ? [a, b] : [b, a];
  return first.endsAt !== null && first.endsAt <= second.startsAt;
}
