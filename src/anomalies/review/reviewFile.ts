import {
  QuarterdeckError,
  reviewVerdictSchema,
  type ReviewItem,
  type ReviewVerdict,
  type SubmitReview,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { csvCell, withoutApostrophe } from '../../platform/rowFiles/csvCell';
import { readRows } from '../../platform/rowFiles/readRows';
import { reviewQueue, standingReviewsOf, submitReview } from './reviewing';

/** Reviewing in a spreadsheet: the queue goes out as CSV, and comes back with the column `verdict` filled in. */

const columns = [
  'item_id',
  'instance',
  'at',
  'reason',
  'explanation',
  'isolation_score',
  'band',
  'probability',
  'verdict',
  'note',
] as const;

/** @returns the open items as CSV (RFC 4180) with empty columns `verdict` and `note` */
export async function exportReviewItems(
  platform: Pick<Platform, 'warehouse'>,
  query: { readonly roundId?: string; readonly limit: number },
  signal: AbortSignal,
): Promise<{ csv: string; items: number }> {
  const { items } = await reviewQueue(platform, query, signal);
  const lines = [columns.join(','), ...items.map(lineOf)];
  return { csv: `${lines.join('\r\n')}\r\n`, items: items.length };
}

function lineOf(item: ReviewItem): string {
  const cells = [
    item.itemId,
    item.instance,
    item.at,
    item.reason,
    item.explanation,
    String(item.isolationScore),
    item.band,
    item.probability === null ? '' : String(item.probability),
    '',
    '',
  ];
  return cells.map(csvCell).join(',');
}

export interface ImportedReviews {
  readonly submitted: number;
  /** Rows without a verdict: not judged yet. */
  readonly empty: number;
  /** Rows whose verdict this reviewer gave before. */
  readonly known: number;
  /** What could not be taken, by row of the file. */
  readonly rejected: readonly { readonly row: number; readonly reason: string }[];
}

/**
 * Takes the verdicts of a file with columns `item_id` and `verdict`, and `note` where there is one. The same file
 * twice says nothing new; a row that cannot be taken is told and stops no other.
 * @throws FILE_COLUMN_MISSING, FILE_MALFORMED, NOT_FOUND, DATA_EMPTY
 */
export async function importReviews(
  platform: Pick<Platform, 'warehouse' | 'clock' | 'newId' | 'telemetry'>,
  path: string,
  reviewer: string,
  signal: AbortSignal,
): Promise<ImportedReviews> {
  const given = new Map(
    (await standingReviewsOf(platform, signal))
      .filter((review) => review.reviewer === reviewer)
      .map((review) => [review.itemId, review.verdict]),
  );
  const rejected: { row: number; reason: string }[] = [];
  /** Of an item that is judged in several rows the last one counts, so that the file always says the same. */
  const last = new Map<string, { readonly row: number; readonly review: SubmitReview }>();
  let submitted = 0;
  let empty = 0;
  let known = 0;
  for await (const batch of readRows(path, signal)) {
    for (const column of ['item_id', 'verdict']) {
      if (batch.columns.includes(column)) continue;
      throw new QuarterdeckError(
        'FILE_COLUMN_MISSING',
        `${path} has no column ${column}; it has ${batch.columns.join(', ')}`,
        { culprit: { column } },
      );
    }
    for (const { row, detail } of batch.faults) rejected.push({ row, reason: detail });
    for (const { row, values } of batch.rows) {
      const text = values['verdict']?.trim().toLowerCase() ?? '';
      const verdict = verdictOf(text);
      const itemId = withoutApostrophe(values['item_id'] ?? '');
      if (text === '') empty++;
      else if (verdict === undefined)
        rejected.push({ row, reason: `not a verdict: ${JSON.stringify(text)}` });
      else {
        const before = last.get(itemId);
        if (before) rejected.push({ row: before.row, reason: `judged again in row ${row}` });
        const note = values['note']?.trim();
        last.set(itemId, { row, review: { itemId, reviewer, verdict, ...(note ? { note } : {}) } });
      }
    }
  }
  for (const { row, review } of last.values()) {
    if (given.get(review.itemId) === review.verdict) {
      known++;
      continue;
    }
    const outcome = await submit(review);
    if (outcome === undefined) submitted++;
    else rejected.push({ row, reason: outcome });
  }
  return { submitted, empty, known, rejected: rejected.toSorted((a, b) => a.row - b.row) };

  async function submit(review: SubmitReview): Promise<string | undefined> {
    try {
      await submitReview(platform, review, signal);
      return undefined;
    } catch (error) {
      if (error instanceof QuarterdeckError && error.code === 'NOT_FOUND') return error.message;
      throw error;
    }
  }
}

function verdictOf(text: string): ReviewVerdict | undefined {
  const parsed = reviewVerdictSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
