import type { Review, ReviewVerdict } from '../../contracts';
import type { ReviewTally } from '../../platform/warehouse/reviewOperations';

/** A verdict that counts: given, not taken back, and the last that its reviewer gave on the item. */
export interface StandingReview extends Review {
  readonly verdict: ReviewVerdict;
}

/** @param reviews in the order in which they were given */
export function standingReviews(reviews: readonly Review[]): StandingReview[] {
  const undone = new Set(reviews.flatMap(({ undoes }) => undoes ?? []));
  const last = new Map<string, StandingReview>();
  for (const review of reviews) {
    const { verdict } = review;
    if (verdict === null || undone.has(review.reviewId)) continue;
    const key = JSON.stringify([review.itemId, review.reviewer]);
    last.delete(key);
    last.set(key, { ...review, verdict });
  }
  return [...last.values()];
}

/** What the reviewers of a row say together. */
export interface RowVerdict {
  readonly itemId: string;
  readonly instance: string;
  readonly at: string;
  readonly verdict: 'anomaly' | 'normal';
  readonly reviewers: number;
  /** Share of the reviewers who say the same, above one half. */
  readonly agreement: number;
}

/** The majority of each item; a tie is unresolved and left out, as is an item that was only skipped. */
export function majorityVerdicts(standing: readonly StandingReview[]): RowVerdict[] {
  return [...byItem(standing)].flatMap(([itemId, reviews]): RowVerdict[] => {
    const anomalies = reviews.filter(({ verdict }) => verdict === 'anomaly').length;
    const normals = reviews.filter(({ verdict }) => verdict === 'normal').length;
    if (anomalies === normals) return [];
    const { instance, at } = reviews[0]!;
    const reviewers = anomalies + normals;
    return [
      {
        itemId,
        instance,
        at,
        verdict: anomalies > normals ? 'anomaly' : 'normal',
        reviewers,
        agreement: Math.max(anomalies, normals) / reviewers,
      },
    ];
  });
}

export interface Agreement {
  /** Items with verdicts of two or more reviewers. */
  readonly items: number;
  readonly disagreeing: number;
  /** Null without an item that two judged. */
  readonly alpha: number | null;
}

/** How often items of these were judged in the same way, by two reviewers or more. Skips are no verdicts. */
export function talliesOf(standing: readonly StandingReview[]): ReviewTally[] {
  const tallies = new Map<string, ReviewTally>();
  for (const reviews of byItem(standing).values()) {
    const anomalies = reviews.filter(({ verdict }) => verdict === 'anomaly').length;
    const normals = reviews.filter(({ verdict }) => verdict === 'normal').length;
    if (anomalies + normals < 2) continue;
    const key = `${anomalies} ${normals}`;
    tallies.set(key, { anomalies, normals, items: (tallies.get(key)?.items ?? 0) + 1 });
  }
  return [...tallies.values()].sort((a, b) => a.anomalies - b.anomalies || a.normals - b.normals);
}

/**
 * Krippendorff's alpha for nominal values: 1 is full agreement, 0 what chance gives. It takes any number of reviewers
 * an item, which kappa does not (Krippendorff, "Content Analysis", 2004, section 11.3).
 */
export function agreementOf(tallies: readonly ReviewTally[]): Agreement {
  const totals = { anomaly: 0, normal: 0 };
  let observed = 0;
  let items = 0;
  let disagreeing = 0;
  for (const tally of tallies) {
    const { anomalies, normals } = tally;
    items += tally.items;
    if (anomalies > 0 && normals > 0) disagreeing += tally.items;
    totals.anomaly += anomalies * tally.items;
    totals.normal += normals * tally.items;
    observed += (tally.items * (2 * anomalies * normals)) / (anomalies + normals - 1);
  }
  const values = totals.anomaly + totals.normal;
  if (items === 0) return { items, disagreeing, alpha: null };
  const expected = (2 * totals.anomaly * totals.normal) / (values - 1);
  // All of one kind: nothing that chance could have made.
  return { items, disagreeing, alpha: expected === 0 ? 1 : 1 - observed / expected };
}

function byItem(standing: readonly StandingReview[]): Map<string, StandingReview[]> {
  const items = new Map<string, StandingReview[]>();
  for (const review of standing) {
    const known = items.get(review.itemId);
    if (known) known.push(review);
    else items.set(review.itemId, [review]);
  }
  return items;
}
