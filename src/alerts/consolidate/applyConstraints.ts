import { keysOf, type AlertKey, type PairConstraint, type PairConstraints } from '../feedback';
import type { Episodes } from './episodes';
import type { JoiningSets } from './joiningSets';
import type { PlacedAlert } from './placement';

/** A must-link that was not followed because a cannot-link stood against it. */
export interface ConstraintConflict {
  readonly constraint: PairConstraint;
  readonly because: string;
}

/** Occurrences of each key among the episodes, in the order of time. */
type Occurrences = ReadonlyMap<AlertKey, readonly number[]>;

/**
 * Forbids what must stay apart, then joins what belongs together: of each key's occurrences those near in time. The
 * order of the constraints decides where several cannot all be kept.
 */
export function applyConstraints(
  sets: JoiningSets,
  episodes: Episodes,
  alerts: readonly PlacedAlert[],
  { mustLink, cannotLink }: PairConstraints,
): ConstraintConflict[] {
  if (mustLink.length === 0 && cannotLink.length === 0) return [];
  const occurrences = occurrencesOf([...mustLink, ...cannotLink], episodes, alerts);
  const marks = new Map<AlertKey, number>();
  const markOf = (key: AlertKey): number => {
    let mark = marks.get(key);
    if (mark === undefined) {
      marks.set(key, (mark = marks.size));
      for (const episode of occurrences.get(key) ?? []) sets.mark(episode, mark);
    }
    return mark;
  };
  for (const { a, b } of cannotLink) if (a !== b) sets.exclude(markOf(a), markOf(b));
  const conflicts: ConstraintConflict[] = [];
  for (const constraint of mustLink) {
    let refused = false;
    for (const [one, other] of nearPairs(constraint, occurrences, episodes)) {
      if (sets.join(one, other) === 'apart') refused = true;
    }
    if (refused) conflicts.push({ constraint, because: 'alerts were said elsewhere to belong apart' });
  }
  return conflicts;
}

function occurrencesOf(
  constraints: readonly PairConstraint[],
  episodes: Episodes,
  alerts: readonly PlacedAlert[],
): Occurrences {
  const occurrences = new Map<AlertKey, number[]>();
  for (const { a, b } of constraints) {
    occurrences.set(a, []);
    occurrences.set(b, []);
  }
  for (let episode = 0; episode < episodes.count; episode++) {
    for (const key of keysOf(alerts[episodes.first[episode]!]!.alert)) occurrences.get(key)?.push(episode);
  }
  return occurrences;
}

/** Pairs each occurrence with the other key's last before it and first after it: enough to connect all that are near. */
function* nearPairs(
  { a, b, withinMinutes }: PairConstraint,
  occurrences: Occurrences,
  episodes: Episodes,
): Generator<[number, number]> {
  const [ofA, ofB] = [occurrences.get(a)!, occurrences.get(b)!];
  if (a === b) {
    for (let at = 1; at < ofA.length; at++) {
      if (episodes.begin[ofA[at]!]! - episodes.begin[ofA[at - 1]!]! <= withinMinutes)
        yield [ofA[at - 1]!, ofA[at]!];
    }
    return;
  }
  for (const [some, others] of [
    [ofA, ofB],
    [ofB, ofA],
  ] as const) {
    let at = 0;
    for (const one of some) {
      while (at + 1 < others.length && others[at + 1]! <= one) at++;
      const other = others[at];
      if (other === undefined) continue;
      if (Math.abs(episodes.begin[one]! - episodes.begin[other]!) <= withinMinutes) yield [one, other];
    }
  }
}
