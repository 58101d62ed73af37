import { evidenceSources, type Evidence } from './evidence';
import type { WeightedLabels } from './heldOutTrees';

/** From this chance on, and below the other, what trees say of a row they have not seen is taken for its label. */
const surelyAnomalous = 0.8;
const surelyNormal = 0.2;
const concludedWeight = 0.6;
/** What is left of a concluded label's weight where the trees do not know. */
const openShare = 0.3;

/**
 * Labels that were concluded from a neighbour's verdict or from a doubtful score, looked at again by trees that were
 * learned without them: where an event began and ended, and events that nobody was asked about but that resemble
 * confirmed ones. Verdicts and surely normal rows stay as they are.
 * @param known rows of the evidence, by place. @param margins held-out log-odds by place, NaN where there are none.
 */
export function refineEvidence(
  { sources }: Evidence,
  known: Int32Array,
  { labels, weights }: WeightedLabels,
  margins: Float64Array,
): WeightedLabels {
  const fixed = new Set([evidenceSources.indexOf('verdict'), evidenceSources.indexOf('band')]);
  const refined = { labels: labels.slice(), weights: weights.slice() };
  known.forEach((row, place) => {
    const margin = margins[place]!;
    if (fixed.has(sources[row]!) || Number.isNaN(margin)) return;
    const chance = 1 / (1 + Math.exp(-margin));
    if (chance >= surelyAnomalous || chance <= surelyNormal) {
      refined.labels[place] = chance >= surelyAnomalous ? 1 : 0;
      refined.weights[place] = concludedWeight;
    } else {
      refined.weights[place] = openShare * weights[place]!;
    }
  });
  return refined;
}
