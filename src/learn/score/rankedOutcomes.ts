import { QuarterdeckError } from '../../contracts';

/**
 * What every score of a ranking starts from: distinct scores from the highest to the lowest, each with the weight
 * of the positive and of the negative rows that have it. Equal scores are one step, whatever their order.
 */

/** `labels` are 1 (positive, an anomaly) or 0; `weights`, where given, are finite and not negative. */
export interface Outcomes {
  readonly labels: ArrayLike<number>;
  readonly weights: ArrayLike<number> | undefined;
  readonly positives: number;
  readonly negatives: number;
}

export type VisitStep = (score: number, positives: number, negatives: number) => void;

/**
 * @throws DATA_EMPTY, DATA_RAGGED when lengths differ, LABELS_INVALID naming the row of a label that is neither 0
 * nor 1, DATA_NOT_FINITE naming the row of a score or weight, PARAMETER_INVALID for a negative weight.
 */
export function checkOutcomes(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights?: ArrayLike<number>,
): Outcomes {
  const n = scores.length;
  if (n === 0) throw new QuarterdeckError('DATA_EMPTY', 'there are no scores to judge');
  for (const [name, other] of [
    ['labels', labels],
    ['weights', weights],
  ] as const) {
    if (other && other.length !== n) {
      throw new QuarterdeckError('DATA_RAGGED', `${other.length} ${name} for ${n} scores`, {
        culprit: { row: Math.min(other.length, n), field: name },
      });
    }
  }
  let positives = 0;
  let negatives = 0;
  for (let row = 0; row < n; row++) {
    const label = labels[row]!;
    if (label !== 0 && label !== 1) {
      throw new QuarterdeckError('LABELS_INVALID', `the label of row ${row} is ${label}, neither 0 nor 1`, {
        culprit: { row },
      });
    }
    if (!Number.isFinite(scores[row]!)) throw notFinite(row, 'score', scores[row]!);
    const weight = weights ? weights[row]! : 1;
    if (!Number.isFinite(weight)) throw notFinite(row, 'weight', weight);
    if (weight < 0) {
      throw new QuarterdeckError('PARAMETER_INVALID', `the weight of row ${row} is ${weight}`, {
        culprit: { option: 'weights', row },
      });
    }
    if (label === 1) positives += weight;
    else negatives += weight;
  }
  return { labels, weights, positives, negatives };
}

/** @throws LABELS_ONE_CLASS when rows of `needed` are missing, without which the score has no meaning. */
export function requireClasses(outcomes: Outcomes, needed: 'positives' | 'both'): void {
  if (outcomes.positives === 0 || (needed === 'both' && outcomes.negatives === 0)) {
    const missing = outcomes.positives === 0 ? 'positive' : 'negative';
    throw new QuarterdeckError('LABELS_ONE_CLASS', `no row is ${missing}: the score is not defined`);
  }
}

/** Calls `visit` for every distinct score, highest first. */
export function forEachStep(scores: ArrayLike<number>, outcomes: Outcomes, visit: VisitStep): void {
  if (outcomes.weights) walkWeighted(scores, outcomes.labels, outcomes.weights, visit);
  else walkCounts(scores, outcomes, visit);
}

/** Numbers sort several times faster by themselves than by their rows, so each class is sorted alone and merged. */
function walkCounts(
  scores: ArrayLike<number>,
  { labels, positives, negatives }: Outcomes,
  visit: VisitStep,
): void {
  const ofPositives = new Float64Array(positives);
  const ofNegatives = new Float64Array(negatives);
  let positive = 0;
  let negative = 0;
  for (let row = 0; row < scores.length; row++) {
    // Zero has two signs that compare as equal and sort apart.
    const score = scores[row]! + 0;
    if (labels[row] === 1) ofPositives[positive++] = score;
    else ofNegatives[negative++] = score;
  }
  ofPositives.sort();
  ofNegatives.sort();
  while (positive > 0 || negative > 0) {
    const score = Math.max(
      positive > 0 ? ofPositives[positive - 1]! : -Infinity,
      negative > 0 ? ofNegatives[negative - 1]! : -Infinity,
    );
    const positivesBefore = positive;
    const negativesBefore = negative;
    while (positive > 0 && ofPositives[positive - 1] === score) positive--;
    while (negative > 0 && ofNegatives[negative - 1] === score) negative--;
    visit(score, positivesBefore - positive, negativesBefore - negative);
  }
}

function walkWeighted(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  weights: ArrayLike<number>,
  visit: VisitStep,
): void {
  const rows = Uint32Array.from({ length: scores.length }, (_, row) => row);
  rows.sort((a, b) => scores[b]! - scores[a]! || a - b);
  let index = 0;
  while (index < rows.length) {
    const score = scores[rows[index]!]!;
    let positives = 0;
    let negatives = 0;
    for (; index < rows.length && scores[rows[index]!] === score; index++) {
      const row = rows[index]!;
      if (labels[row] === 1) positives += weights[row]!;
      else negatives += weights[row]!;
    }
    if (positives > 0 || negatives > 0) visit(score, positives, negatives);
  }
}

function notFinite(row: number, field: string, value: number): QuarterdeckError {
  return new QuarterdeckError('DATA_NOT_FINITE', `the ${field} of row ${row} is ${value}`, {
    culprit: { row, field },
  });
}
