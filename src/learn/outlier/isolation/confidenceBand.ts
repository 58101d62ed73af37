/**
 * Bands of the −1…1 confidence scale of an isolation forest, on which 0 is the threshold, −1 the most and 1 the
 * least anomalous score of the training rows. The outer bands are certain enough to learn from without being
 * looked at; between −0.3 and 0.3 the forest does not know.
 */
export const confidenceBandEdges = [-0.6, -0.3, 0, 0.3] as const;

export const confidenceBands = [
  'anomaly',
  'likely_anomaly',
  'uncertain_anomaly',
  'uncertain_normal',
  'normal',
] as const;

/** `anomaly` below −0.6, `likely_anomaly` below −0.3, `uncertain_anomaly` below 0, `uncertain_normal` below 0.3. */
export type ConfidenceBand = (typeof confidenceBands)[number];

export function confidenceBand(confidence: number): ConfidenceBand {
  const band = confidenceBandEdges.findIndex((edge) => confidence < edge);
  return band < 0 ? 'normal' : confidenceBands[band]!;
}

/**
 * Stretches an anomaly score to the −1…1 scale, linearly on either side of the threshold; scores beyond those of
 * training stay at the ends.
 */
export function confidenceOf(score: number, least: number, threshold: number, most: number): number {
  if (score > threshold)
    return most > threshold ? Math.max(-1, (threshold - score) / (most - threshold)) : -1;
  if (score === threshold) return 0;
  return least < threshold ? Math.min(1, (threshold - score) / (threshold - least)) : 1;
}
