import type { NabProfile, NabSeries } from './corpus';

/**
 * What one alarm at each point of a series is worth, from the definition of the Numenta Anomaly Benchmark
 * (Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms", 2015): inside a window the more the
 * earlier, outside it costs the more the farther behind the last window.
 */
export interface PointWeights {
  /** Points at the start that are not scored: detectors may learn there. */
  readonly probation: number;
  /** Window of each point, as an index into the series' windows; −1 outside. */
  readonly window: Int32Array;
  readonly weight: Float64Array;
}

const probationShare = 0.15;
/** The benchmark's longest probation is that of a series of 5,000 points. */
const longestProbation = probationShare * 5_000;

/** Points of a series of `length` points in which no alarm counts. */
export function probationLength(length: number): number {
  return Math.min(Math.floor(probationShare * length), longestProbation);
}

export function pointWeights(series: NabSeries, profile: NabProfile): PointWeights {
  const length = series.values.length;
  const window = new Int32Array(length).fill(-1);
  const weight = new Float64Array(length).fill(-profile.falsePositiveWeight);
  series.windows.forEach(({ first, last }, index) => {
    const width = last - first + 1;
    for (let at = first; at <= last; at++) {
      window[at] = index;
      weight[at] = (scaledSigmoid(-(last - at + 1) / width) / scaledSigmoid(-1)) * profile.truePositiveWeight;
    }
    const next = series.windows[index + 1]?.first ?? length;
    for (let at = last + 1; at < next; at++) {
      weight[at] = scaledSigmoid((at - last) / (width - 1)) * profile.falsePositiveWeight;
    }
  });
  return { probation: probationLength(length), window, weight };
}

/** Beyond so many widths behind a window an alarm costs all it can. */
const farBehind = 3;

function scaledSigmoid(position: number): number {
  return position > farBehind ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}
