import type { ReviewList, ReviewVerdict, ScoreSeries } from '../../contracts';

export type Score = ScoreSeries['scores'][number];

/** Scores of one model in one role, oldest first: a line of the chart. */
export interface ScoreLine {
  readonly name: string;
  readonly silent: boolean;
  readonly scores: readonly Score[];
}

export function linesOf(scores: readonly Score[]): ScoreLine[] {
  const lines = new Map<string, Score[]>();
  for (const score of scores) {
    const silent = score.role === 'shadow';
    const name = silent ? `${score.model} (silently)` : score.model;
    const known = lines.get(name);
    if (known) known.push(score);
    else lines.set(name, [score]);
  }
  return [...lines].map(([name, line]) => ({ name, silent: line[0]!.role === 'shadow', scores: line }));
}

/** The score that answered for a row: what a challenger scored silently only where nothing else did. */
export function scoreAt(scores: readonly Score[], at: string): Score | undefined {
  const here = scores.filter((score) => score.at === at);
  return here.findLast(({ role }) => role !== 'shadow') ?? here.at(-1);
}

export interface RowVerdict {
  readonly at: string;
  readonly verdict: ReviewVerdict;
  readonly reviewers: readonly string[];
}

/** What stands for each row and verdict: not taken back, and of each reviewer the last. */
export function standingVerdicts({ reviews }: ReviewList): RowVerdict[] {
  const takenBack = new Set(reviews.map(({ undoes }) => undoes));
  const last = new Map<string, ReviewList['reviews'][number]>();
  for (const review of reviews) {
    if (review.verdict === null || takenBack.has(review.reviewId)) continue;
    last.set(JSON.stringify([review.itemId, review.reviewer]), review);
  }
  const rows = new Map<string, { at: string; verdict: ReviewVerdict; reviewers: string[] }>();
  for (const { at, verdict, reviewer } of last.values()) {
    if (verdict === null) continue;
    const key = JSON.stringify([at, verdict]);
    const known = rows.get(key);
    if (known) known.reviewers.push(reviewer);
    else rows.set(key, { at, verdict, reviewers: [reviewer] });
  }
  return [...rows.values()];
}
