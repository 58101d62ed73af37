import { QuarterdeckError, type Random } from '../../../contracts';

/** Sessions that are alike, and what a reviewer said about some of them. */
export interface ReviewedGroup {
  /** Rows of its sessions. */
  readonly members: readonly number[];
  readonly anomalous: number;
  readonly normal: number;
}

export interface GroupReview {
  readonly groups: readonly ReviewedGroup[];
  /** Rows whose label was asked for, in order. */
  readonly asked: readonly number[];
}

/** Share of the budget that goes to the strangest groups, one session each, before doubts are followed up. */
const strangestShare = 0.5;

/**
 * Spends a budget of reviews on groups of like sessions. First one session of each group, the strangest group first;
 * then again and again a session of the group where most sessions are expected to bear a wrong verdict for the
 * reviews that were spent on it.
 * @param novelty one number per group; higher is stranger.
 * @param ask the reviewer: says whether the session of a row is an anomaly.
 * @throws PARAMETER_INVALID for a budget that is no whole number of at least 0.
 */
export function reviewGroups(
  groups: readonly (readonly number[])[],
  novelty: ArrayLike<number>,
  budget: number,
  ask: (row: number) => boolean,
  random: Random,
): GroupReview {
  if (!(Number.isInteger(budget) && budget >= 0)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `budget is ${budget}, expected a whole number`, {
      culprit: { option: 'budget' },
    });
  }
  const states = groups.map((members) => ({ members, unasked: [...members], anomalous: 0, normal: 0 }));
  const asked: number[] = [];
  const review = (state: (typeof states)[number]): void => {
    const [row] = state.unasked.splice(random.integer(state.unasked.length), 1);
    asked.push(row!);
    if (ask(row!)) state.anomalous++;
    else state.normal++;
  };
  const strangestFirst = [...states.keys()].sort((a, b) => novelty[b]! - novelty[a]! || a - b);
  for (const group of strangestFirst.slice(0, Math.ceil(strangestShare * budget))) review(states[group]!);
  while (asked.length < budget) {
    const open = states.filter(({ unasked }) => unasked.length > 0);
    if (open.length === 0) break;
    review(open.reduce((best, state) => (gain(state) > gain(best) ? state : best)));
  }
  return { groups: states, asked };
}

/** Sessions of a group expected to bear a wrong verdict, per review that its next would make. */
function gain({
  unasked,
  anomalous,
  normal,
}: ReviewedGroup & { readonly unasked: readonly number[] }): number {
  return (unasked.length * doubt(anomalous, normal)) / (anomalous + normal + 1);
}

/**
 * Chance that most of a group is not what most of its reviews say, when every share of anomalies was as likely before
 * them: the tail of a Beta distribution beyond a half, which for whole numbers is one of a binomial distribution.
 */
export function doubt(anomalous: number, normal: number): number {
  const tosses = anomalous + normal + 1;
  let chance = 0.5 ** tosses;
  let tail = 0;
  for (let heads = 0; heads <= Math.min(anomalous, normal); heads++) {
    tail += chance;
    chance *= (tosses - heads) / (heads + 1);
  }
  return tail;
}

/** Expected share of anomalies in a group after its reviews (Laplace's rule of succession). */
export function anomalousShare({ anomalous, normal }: ReviewedGroup): number {
  return (anomalous + 1) / (anomalous + normal + 2);
}
