import { combineFirings, timestampMs, type StoredAlert } from '../../contracts';

/**
 * Senders that give no time repeat the end of a firing when they got no answer. That soon after it an end without a
 * beginning is no second firing: one whose beginning was lost would last no time and tell nobody anything.
 */
const repeatedEndMs = 900_000;

/**
 * Senders such as CloudWatch tell of changes of state: neither do they name a firing, nor do they say when it ends
 * when it had begun. Which firing a message belongs to follows from what is known of its condition.
 *
 * A message that something fires belongs to the firing that covers its time, else it takes in the next end if no
 * beginning was known for that, which is how messages look that overtook each other. A message that it is over ends
 * what fires at its time. What is left is a firing of its own: a beginning lasts, and an end waits for its beginning.
 *
 * @param known firings of the same conditions that are stored
 * @param messages rows as `checkAlert` makes them, in any order
 * @param undated those of them whose time is when they came (`isUndated`)
 * @returns the firings that are new or changed
 */
export function pairFirings(
  known: readonly StoredAlert[],
  messages: readonly StoredAlert[],
  undated: ReadonlySet<StoredAlert> = new Set(),
): readonly StoredAlert[] {
  const conditions = new Map<string, Condition>();
  const changed = new Map<string, StoredAlert>();
  const conditionOf = (fingerprint: string): Condition => {
    let condition = conditions.get(fingerprint);
    if (!condition) conditions.set(fingerprint, (condition = new Condition(changed)));
    return condition;
  };
  for (const firing of [...known].sort(byStart)) conditionOf(firing.fingerprint).put(firing);
  // In the order of their time, so that messages of one batch pair whatever their place in it.
  const inOrder = [...messages].sort(
    (a, b) => compare(a.saidAt, b.saidAt) || byStart(a, b) || compare(a.status, b.status),
  );
  for (const message of inOrder) {
    const condition = conditionOf(message.fingerprint);
    if (isOpen(message)) condition.begin(message);
    else condition.end(message, undated.has(message));
  }
  return [...changed.values()];
}

/** The firings of one condition, by start. They hardly overlap, so that those next to a moment say all about it. */
class Condition {
  private readonly firings: StoredAlert[] = [];

  constructor(private readonly changed: Map<string, StoredAlert>) {}

  put(firing: StoredAlert): void {
    this.firings.splice(this.lastUpTo(firing.startsAt) + 1, 0, firing);
  }

  begin(message: StoredAlert): void {
    const at = message.startsAt;
    const before = this.lastUpTo(at);
    const covering = this.firings[before];
    if (covering && (covers(covering, at) || (isLoneEnd(covering) && covering.startsAt === at))) {
      this.change(before, joined(covering, message));
      return;
    }
    const next = this.firings[before + 1];
    if (next && isLoneEnd(next)) this.change(before + 1, joined(next, message));
    else this.insert(message);
  }

  end(message: StoredAlert, isUndated: boolean): void {
    const at = message.endsAt ?? message.startsAt;
    const place = this.lastUpTo(at);
    const firing = this.firings[place];
    if (isUndated && firing && isRepeatedEnd(firing, at)) return;
    if (!firing || !(covers(firing, at) || firing.endsAt === at)) {
      this.insert(message);
      return;
    }
    this.change(place, joined(firing, message));
    // Nothing fires twice at once: what was thought to last longer was over when the next began.
    for (let older = place - 1; older >= 0 && isOpen(this.firings[older]!); older--) {
      const endsAt = this.firings[older + 1]!.startsAt;
      this.change(older, { ...this.firings[older]!, status: 'resolved', endsAt });
    }
  }

  private insert(firing: StoredAlert): void {
    this.put(firing);
    this.changed.set(firing.id, firing);
  }

  /** A firing keeps its place: its start moves back to no firing before it. */
  private change(place: number, firing: StoredAlert): void {
    this.firings[place] = firing;
    this.changed.set(firing.id, firing);
  }

  /** The last that began at `at` or before; -1 when none did. */
  private lastUpTo(at: string): number {
    let low = 0;
    let high = this.firings.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.firings[middle]!.startsAt <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** An end whose beginning nobody told: it lasts no time. */
function isLoneEnd(firing: StoredAlert): boolean {
  return !isOpen(firing) && firing.endsAt === firing.startsAt;
}

/** The firing was over shortly before, and none has begun since. */
function isRepeatedEnd(firing: StoredAlert, at: string): boolean {
  if (isOpen(firing) || firing.endsAt === null || firing.endsAt > at) return false;
  return timestampMs(at) - timestampMs(firing.endsAt) <= repeatedEndMs;
}

function covers(firing: StoredAlert, at: string): boolean {
  return isOpen(firing) || (firing.endsAt !== null && at < firing.endsAt);
}

function joined(firing: StoredAlert, message: StoredAlert): StoredAlert {
  const [before, after] = firing.saidAt <= message.saidAt ? [firing, message] : [message, firing];
  // An end says less than a beginning: the words are those of whoever saw it begin.
  const begun = isLoneEnd(firing) ? message : isOpen(message) ? combineFirings(before, after) : firing;
  const { startsAt, endsAt, status } = combineFirings(before, after);
  return {
    ...begun,
    id: firing.id,
    startsAt,
    endsAt,
    status,
    saidAt: after.saidAt,
    arrivedAt: firing.arrivedAt < message.arrivedAt ? firing.arrivedAt : message.arrivedAt,
    batchId: message.batchId,
  };
}

function isOpen({ status }: StoredAlert): boolean {
  return status !== 'resolved';
}

function byStart(a: StoredAlert, b: StoredAlert): number {
  return compare(a.startsAt, b.startsAt);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
