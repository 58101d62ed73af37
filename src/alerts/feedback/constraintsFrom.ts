import { timestampMs, type Alert, type FeedbackKind, type Timestamp } from '../../contracts';
import {
  conditionKey,
  kindKey,
  type AlertKey,
  type PairConstraint,
  type PairConstraints,
} from './pairConstraints';

/** What is needed of an alert to know it again. */
export type FeedbackAlert = Pick<Alert, 'service' | 'name' | 'fingerprint' | 'startsAt'>;

/** What a person said about a group, with its alerts as they were then. */
export interface GroupFeedback {
  readonly kind: FeedbackKind;
  readonly at: Timestamp;
  readonly members: readonly FeedbackAlert[];
  /** Of a split: those members that do not belong. */
  readonly apart?: readonly FeedbackAlert[];
  /** Of a merge: the alerts of the other group. */
  readonly other?: readonly FeedbackAlert[];
}

/** Representatives of each side of a split or a merge: some may be missing from the next storm. */
const representatives = 4;
const leastWithinMinutes = 30;
/** A storm may go on slower next time. */
const slack = 1.5;
const minuteMs = 60_000;

interface Known {
  readonly key: AlertKey;
  readonly startMs: number;
}

/**
 * Pairs to keep together or apart from what people said. Pairs grow with the members, not with their square: members
 * are tied to a few representatives. The most recent opinion on a pair replaces earlier ones. A wrong cause says
 * nothing of which alerts belong together and changes no pair.
 */
export function constraintsFrom(feedback: readonly GroupFeedback[]): PairConstraints {
  const pairs = new Map<string, { readonly constraint: PairConstraint; readonly together: boolean }>();
  const newestLast = feedback.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const say = (together: boolean, a: Known, b: Known): void => {
    if (a.key === b.key && !together) return;
    const [first, second] = a.key <= b.key ? [a, b] : [b, a];
    const id = JSON.stringify([first.key, second.key]);
    const withinMinutes = Math.max(leastWithinMinutes, (slack * Math.abs(a.startMs - b.startMs)) / minuteMs);
    pairs.delete(id);
    pairs.set(id, { together, constraint: { a: first.key, b: second.key, withinMinutes } });
  };
  for (const said of newestLast) {
    switch (said.kind) {
      case 'confirm':
        tie(distinct(said.members, kindKey), say);
        break;
      case 'merge': {
        const [one, other] = [distinct(said.members, kindKey), distinct(said.other ?? [], kindKey)];
        tie(one, say);
        tie(other, say);
        cross(one, other, (a, b) => say(true, a, b));
        break;
      }
      case 'split': {
        const keyOf = splitKeys(said);
        const apart = distinct(said.apart ?? [], keyOf);
        const apartKeys = new Set(apart.map(({ key }) => key));
        const rest = distinct(said.members, keyOf).filter(({ key }) => !apartKeys.has(key));
        tie(rest, say);
        for (const one of apart) cross([one], rest, (a, b) => say(false, a, b));
        for (const one of rest) cross([one], apart, (a, b) => say(false, a, b));
        break;
      }
      case 'wrong-cause':
        break;
    }
  }
  const newestFirst = [...pairs.values()].reverse();
  return {
    mustLink: newestFirst.filter(({ together }) => together).map(({ constraint }) => constraint),
    cannotLink: newestFirst.filter(({ together }) => !together).map(({ constraint }) => constraint),
  };
}

/** By kind where that tells both sides of a split from each other, else by condition. */
function splitKeys({ members, apart = [] }: GroupFeedback): (alert: FeedbackAlert) => AlertKey {
  const conditionsApart = new Set(apart.map(conditionKey));
  const kindsApart = new Set(apart.map(kindKey));
  const onBothSides = new Set(
    members
      .filter((alert) => !conditionsApart.has(conditionKey(alert)) && kindsApart.has(kindKey(alert)))
      .map(kindKey),
  );
  return (alert) => (onBothSides.has(kindKey(alert)) ? conditionKey(alert) : kindKey(alert));
}

/** One of each key, in the order of their first start. */
function distinct(alerts: readonly FeedbackAlert[], keyOf: (alert: FeedbackAlert) => AlertKey): Known[] {
  const first = new Map<AlertKey, number>();
  for (const alert of alerts) {
    const key = keyOf(alert);
    const startMs = timestampMs(alert.startsAt);
    first.set(key, Math.min(startMs, first.get(key) ?? Infinity));
  }
  return [...first]
    .map(([key, startMs]) => ({ key, startMs }))
    .sort((a, b) => a.startMs - b.startMs || (a.key < b.key ? -1 : 1));
}

/** Ties everything to each of the first representatives, so that all hold together when some are missing. */
function tie(members: readonly Known[], say: (together: boolean, a: Known, b: Known) => void): void {
  for (const hub of members.slice(0, representatives)) {
    for (const member of members) if (member.key !== hub.key) say(true, hub, member);
  }
}

function cross(some: readonly Known[], others: readonly Known[], say: (a: Known, b: Known) => void): void {
  for (const a of some.slice(0, representatives)) for (const b of others.slice(0, representatives)) say(a, b);
}
