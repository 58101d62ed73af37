import { calibrate, type MistakeCosts } from '../../../learn/select';
import { evidenceSources } from '../evidence';
import { marginsOf, type AnomalyModelParts } from '../../model';
import type { HeldOutRows } from './judgeHeldOut';

/** Fewer confirmed anomalies than this say nothing about where to draw the line. */
const leastAnomalies = 3;
/** The line is drawn where precision clears its limit with some room, since later rows are never quite alike. */
const precisionRoom = 0.05;

/**
 * The model with the threshold that costs least on a time after the one that it learned from, among those whose
 * precision there is as high as the gate asks: over all known rows, and over those apart that people judged, since the
 * gate counts both and people are shown what is hard to tell. Where none meets both, over the known rows; the most
 * precise one where none does that either. Trees rank later faults well, but how probable they find them on rows that
 * they learned from says little about later ones.
 */
export function withThresholdFrom(
  parts: AnomalyModelParts,
  later: HeldOutRows,
  costs: MistakeCosts,
  leastPrecision: number,
): AnomalyModelParts {
  const { anomalies, labels, rows } = later;
  if (anomalies < leastAnomalies || anomalies === labels.length) return parts;
  return {
    ...parts,
    threshold: lineFor(calibrate(parts.calibration, marginsOf(parts, rows)), later, costs, leastPrecision),
  };
}

/** The threshold of `withThresholdFrom` for rows with these probabilities. */
export function lineFor(
  probabilities: ArrayLike<number>,
  { labels, weights, sources }: Pick<HeldOutRows, 'labels' | 'weights' | 'sources'>,
  costs: MistakeCosts,
  leastPrecision: number,
): number {
  const verdict = evidenceSources.indexOf('verdict');
  const wanted = Math.min(1, leastPrecision + precisionRoom);
  const order = Int32Array.from(labels.keys()).sort((a, b) => probabilities[b]! - probabilities[a]!);
  const known = { found: 0, falseAlarms: 0 };
  const reviewed = { found: 0, falseAlarms: 0 };
  let all = 0;
  labels.forEach((label, row) => (all += label === 1 ? weights[row]! : 0));
  let best: { threshold: number; cost: number } | undefined;
  let bestOfBoth: { threshold: number; cost: number } | undefined;
  let mostPrecise = { threshold: 1, precision: 0 };
  order.forEach((row, place) => {
    const side = labels[row] === 1 ? 'found' : 'falseAlarms';
    known[side] += weights[row]!;
    if (sources[row] === verdict) reviewed[side]++;
    const next = order[place + 1];
    // Equal probabilities are on one side of every line.
    if (next !== undefined && probabilities[next] === probabilities[row]) return;
    const threshold = probabilities[row]!;
    const precision = precisionOf(known);
    const cost = known.falseAlarms * costs.falsePositiveCost + (all - known.found) * costs.falseNegativeCost;
    if (precision > mostPrecise.precision) mostPrecise = { threshold, precision };
    if (precision < wanted) return;
    if (!best || cost < best.cost) best = { threshold, cost };
    if (precisionOf(reviewed) >= wanted && (!bestOfBoth || cost < bestOfBoth.cost))
      bestOfBoth = { threshold, cost };
  });
  return (bestOfBoth ?? best ?? mostPrecise).threshold;
}

/** Without an alarm none is false. */
function precisionOf({ found, falseAlarms }: { found: number; falseAlarms: number }): number {
  return found + falseAlarms > 0 ? found / (found + falseAlarms) : 1;
}
