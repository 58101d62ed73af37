import { calibrate, type MistakeCosts } from '../../../learn/select';
import { marginsOf, type AnomalyModelParts } from '../../model';
import type { HeldOutRows } from './judgeHeldOut';

/** Fewer confirmed anomalies than this say nothing about where to draw the line. */
const leastAnomalies = 3;
/** The line is drawn where precision clears its limit with some room, since later rows are never quite alike. */
const precisionRoom = 0.05;

/**
 * The model with the threshold that costs least on a time after the one that it learned from, among those whose
 * precision there is as high as the gate asks; the most precise one where none is. Trees rank later faults well, but
 * how probable they find them on rows that they learned from says little about later ones.
 */
export function withThresholdFrom(
  parts: AnomalyModelParts,
  later: HeldOutRows,
  costs: MistakeCosts,
  leastPrecision: number,
): AnomalyModelParts {
  const { anomalies, labels, weights, rows } = later;
  if (anomalies < leastAnomalies || anomalies === labels.length) return parts;
  const probabilities = calibrate(parts.calibration, marginsOf(parts, rows));
  const order = Int32Array.from(probabilities.keys()).sort((a, b) => probabilities[b]! - probabilities[a]!);
  let found = 0;
  let falseAlarms = 0;
  let all = 0;
  labels.forEach((label, row) => (all += label === 1 ? weights[row]! : 0));
  let best: { threshold: number; cost: number } | undefined;
  let mostPrecise = { threshold: 1, precision: 0 };
  order.forEach((row, place) => {
    if (labels[row] === 1) found += weights[row]!;
    else falseAlarms += weights[row]!;
    const next = order[place + 1];
    // Equal probabilities are on one side of every line.
    if (next !== undefined && probabilities[next] === probabilities[row]) return;
    const threshold = probabilities[row]!;
    const precision = found / (found + falseAlarms);
    const cost = falseAlarms * costs.falsePositiveCost + (all - found) * costs.falseNegativeCost;
    if (precision > mostPrecise.precision) mostPrecise = { threshold, precision };
    if (precision >= Math.min(1, leastPrecision + precisionRoom) && (!best || cost < best.cost)) {
      best = { threshold, cost };
    }
  });
  return { ...parts, threshold: (best ?? mostPrecise).threshold };
}
