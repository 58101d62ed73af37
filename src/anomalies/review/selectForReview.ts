import { QuarterdeckError, type ReviewReason } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { confidenceBand, type ConfidenceBand } from '../../learn/outlier';
import { EventSpacing } from './eventSpacing';
import { pickDiverse } from './pickDiverse';

/** Rows among which some are shown to a person. Every list has one entry per row. */
export interface ReviewCandidates {
  readonly instances: ArrayLike<string | number>;
  /** Minutes since any beginning. */
  readonly minutes: ArrayLike<number>;
  /** On the −1…1 scale of the isolation forest: below 0 is anomalous. */
  readonly confidence: ArrayLike<number>;
  /** 0 to 1: how much hangs on the row; from `highImpact` on it is shown whatever the forest's doubt. */
  readonly impact?: ArrayLike<number>;
  /** By the supervised model, once there is one. */
  readonly probability?: ArrayLike<number>;
  /** What rows are told apart by when different ones are wanted, by `reviewVectors`; needed with `probability`. */
  readonly vectors?: Matrix;
  /** 1 for rows that may be picked; all when left out. */
  readonly eligible?: ArrayLike<number>;
  /** Rows that have been shown before: their events are not shown again. */
  readonly shown?: ArrayLike<number>;
}

export interface ReviewBudget {
  /** Most rows; each item is one. */
  readonly rows: number;
  /** Most hours of a person's time; unbounded when left out. */
  readonly hours?: number;
  /** How long a person takes for an item. */
  readonly minutesPerReview: number;
}

export interface PickedRow {
  readonly row: number;
  readonly reason: ReviewReason;
  readonly band: ConfidenceBand;
  /** Higher is shown earlier. */
  readonly priority: number;
  readonly explanation: string;
}

export interface ReviewSelection {
  readonly picked: readonly PickedRow[];
  readonly capacity: number;
  /** What there was to choose from: rows by reason, before any share was taken. */
  readonly available: Readonly<Record<'lowConfidence' | 'highImpact' | 'borderlineNormal', number>>;
}

/** Shares of the design. */
const lowConfidenceShare = 0.2;
const borderlineNormalShare = 0.05;
/** Borderline rows are mostly normal: they may take no more than this share of a budget. */
const mostBorderlineOfBudget = 0.1;
/** Share of a budget that goes by the supervised model's doubt, once there is one. */
const uncertainShareOfBudget = 0.5;
/** Minutes within which a second doubt about an instance is the same doubt. */
const sameDoubtMinutes = 12;
const highImpact = 0.8;
const strongestBand = -0.6;
const borderlineEnd = 0.3;

/**
 * Whom to ask about which rows: all of high impact, a fifth of those the forest is unsure of, a twentieth of those
 * just on the normal side, within a budget; and, once there is a supervised model, rows it is unsure of that
 * differ from each other. Neighbouring minutes of an instance are one event and are asked about once; only when every event
 * has been asked about and budget is left, long events are asked about again further along.
 *
 * The same candidates give the same rows: nothing is drawn.
 * @throws DATA_RAGGED, PARAMETER_INVALID, DATA_NOT_FINITE
 */
export function selectForReview(candidates: ReviewCandidates, budget: ReviewBudget): ReviewSelection {
  checkCandidates(candidates);
  const capacity = capacityOf(budget);
  const { confidence, impact, probability, eligible, shown } = candidates;
  const spacing = new EventSpacing(candidates.instances, candidates.minutes);
  const free: number[] = [];
  for (let row = 0; row < confidence.length; row++) {
    if (shown?.[row]) spacing.take(row);
    else if (!eligible || eligible[row]) free.push(row);
  }
  const high: number[] = [];
  const low: number[] = [];
  const borderline: number[] = [];
  for (const row of free) {
    const value = confidence[row]!;
    if (value < strongestBand || (value < borderlineEnd && (impact?.[row] ?? 0) >= highImpact))
      high.push(row);
    else if (value < 0) low.push(row);
    else if (value < borderlineEnd) borderline.push(row);
  }
  const byConfidence = (a: number, b: number): number => confidence[a]! - confidence[b]! || a - b;
  high.sort((a, b) => (impact ? impact[b]! - impact[a]! : 0) || byConfidence(a, b));
  low.sort(byConfidence);
  borderline.sort(byConfidence);

  const picked: PickedRow[] = [];
  const take = (row: number, reason: ReviewReason): void => {
    spacing.take(row);
    picked.push(describe(candidates, row, reason));
  };
  const { vectors } = candidates;
  if (probability && vectors) {
    const doubtful = pickDiverse({
      rows: free,
      worth: (row) => 1 - Math.abs(2 * probability[row]! - 1),
      vectors,
      spacing,
      sameEventMinutes: sameDoubtMinutes,
      wanted: Math.ceil(uncertainShareOfBudget * capacity),
    });
    for (const row of doubtful) picked.push(describe(candidates, row, 'uncertain-and-diverse'));
  }
  const pools = [
    { rows: high, reason: 'high-impact', most: high.length },
    { rows: low, reason: 'low-confidence', most: Math.ceil(lowConfidenceShare * low.length) },
    {
      rows: borderline,
      reason: 'borderline-normal',
      most: Math.min(
        Math.ceil(borderlineNormalShare * borderline.length),
        Math.ceil(mostBorderlineOfBudget * capacity),
      ),
    },
  ] as const;
  const borderlineKept = Math.min(pools[2].most, borderline.length);
  const takenOf = new Map<ReviewReason, number>();
  for (const minutes of spacing.widths) {
    for (const { rows, reason, most } of pools) {
      // Suspicious events leave a little for rows on the other side of the threshold.
      const end = reason === 'borderline-normal' ? capacity : capacity - borderlineKept;
      for (const row of rows) {
        const before = takenOf.get(reason) ?? 0;
        if (picked.length >= end || before >= most) break;
        if (!spacing.isFree(row, minutes)) continue;
        take(row, reason);
        takenOf.set(reason, before + 1);
      }
    }
    if (picked.length >= capacity) break;
  }
  return {
    picked: picked.sort((a, b) => b.priority - a.priority || a.row - b.row),
    capacity,
    available: { lowConfidence: low.length, highImpact: high.length, borderlineNormal: borderline.length },
  };
}

function capacityOf({ rows, hours, minutesPerReview }: ReviewBudget): number {
  const refuse = (option: string, value: number, expected: string): QuarterdeckError =>
    new QuarterdeckError('PARAMETER_INVALID', `${option} is ${value}, expected ${expected}`, {
      culprit: { option },
    });
  if (!(Number.isInteger(rows) && rows >= 0)) throw refuse('rows', rows, 'a whole number of at least 0');
  if (!(minutesPerReview > 0)) throw refuse('minutesPerReview', minutesPerReview, 'a time above 0');
  if (hours !== undefined && !(hours >= 0)) throw refuse('hours', hours, 'a time of at least 0');
  return Math.min(rows, hours === undefined ? Infinity : Math.floor((hours * 60) / minutesPerReview));
}

function checkCandidates(candidates: ReviewCandidates): void {
  const { confidence, probability, vectors, ...lists } = candidates;
  const n = confidence.length;
  for (const [name, list] of Object.entries({ ...lists, probability })) {
    if (list && list.length !== n) {
      throw new QuarterdeckError('DATA_RAGGED', `${list.length} ${name} for ${n} rows`, {
        culprit: { row: Math.min(list.length, n), field: name },
      });
    }
  }
  if (vectors && vectors.n !== n) {
    throw new QuarterdeckError('DATA_RAGGED', `${vectors.n} vectors for ${n} rows`, {
      culprit: { row: Math.min(vectors.n, n), field: 'vectors' },
    });
  }
  for (let row = 0; row < n; row++) {
    if (Number.isFinite(confidence[row]!) && (!probability || Number.isFinite(probability[row]!))) continue;
    throw new QuarterdeckError('DATA_NOT_FINITE', `row ${row} has no score`, { culprit: { row } });
  }
}

/** What a reason adds to the priority, so that the queue begins with what matters most. */
const reasonRank: Readonly<Record<ReviewReason, number>> = {
  'asked-for': 4,
  'high-impact': 3,
  'uncertain-and-diverse': 2,
  'low-confidence': 1,
  'borderline-normal': 0,
};

function describe(
  { confidence, impact, probability }: ReviewCandidates,
  row: number,
  reason: ReviewReason,
): PickedRow {
  const value = confidence[row]!;
  const band = confidenceBand(value);
  const chance = probability?.[row];
  const score = `isolation score ${value.toFixed(2)} of −1 to 1`;
  const because: Readonly<Record<ReviewReason, string>> = {
    'high-impact':
      value < strongestBand
        ? `among the strangest rows there are (${score})`
        : `much hangs on it (impact ${(impact?.[row] ?? 0).toFixed(2)}; ${score})`,
    'low-confidence': `looks strange, but not surely so (${score})`,
    'borderline-normal': `taken for normal by a small margin (${score})`,
    'uncertain-and-diverse': `the model is unsure (probability ${(chance ?? 0).toFixed(2)}) and it is unlike what was asked so far`,
    'asked-for': 'somebody asked for it',
  };
  return { row, reason, band, priority: reasonRank[reason] + (1 - value) / 2, explanation: because[reason] };
}
