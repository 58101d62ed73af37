import { QuarterdeckError } from '../../../contracts';
import type { NabProfile, NabSeries } from './corpus';
import { pointWeights, type PointWeights } from './pointWeights';

export interface NabFileScore {
  readonly path: string;
  readonly windows: number;
  readonly windowsFound: number;
  /** Points, as the benchmark counts them; the probation is left out. */
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
  /** Raw: each window found adds up to its weight, each missed one takes away, each false alarm too. */
  readonly score: number;
}

export interface NabScore {
  readonly profile: string;
  /** One threshold for all files; a point at or above it is an alarm. Infinity raises none. */
  readonly threshold: number;
  /** 0 is a detector that says nothing, 100 one that finds each window at its first point and raises no false alarm. */
  readonly normalizedScore: number;
  readonly files: readonly NabFileScore[];
}

/**
 * Scores anomaly scores (one array for each series, higher is more anomalous) on one profile. As the benchmark
 * does, the threshold is the one of all files and all distinct scores that is best for the profile, unless given.
 * @throws DATA_RAGGED when scores and points differ in number, DATA_NOT_FINITE for a score that is NaN.
 */
export function scoreNab(
  series: readonly NabSeries[],
  scores: readonly ArrayLike<number>[],
  profile: NabProfile,
  threshold?: number,
): NabScore {
  checkScores(series, scores);
  const weights = series.map((one) => pointWeights(one, profile));
  const chosen = threshold ?? bestThreshold(series, scores, weights, profile);
  const files = series.map((one, index) =>
    scoreNabFile(one, scores[index]!, weights[index]!, profile, chosen),
  );
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const silent = -windows * profile.falseNegativeWeight;
  const perfect = windows * profile.truePositiveWeight;
  const total = files.reduce((sum, { score }) => sum + score, 0);
  return {
    profile: profile.name,
    threshold: chosen,
    normalizedScore: windows === 0 ? 0 : (100 * (total - silent)) / (perfect - silent),
    files,
  };
}

function checkScores(series: readonly NabSeries[], scores: readonly ArrayLike<number>[]): void {
  series.forEach(({ path, values }, index) => {
    const given = scores[index];
    if (given?.length !== values.length) {
      throw new QuarterdeckError(
        'DATA_RAGGED',
        `${path}: ${given?.length ?? 0} scores, ${values.length} points`,
        {
          culprit: { blob: path },
        },
      );
    }
    for (let at = 0; at < given.length; at++) {
      if (!Number.isNaN(given[at]!)) continue;
      throw new QuarterdeckError('DATA_NOT_FINITE', `${path}: the score of point ${at} is NaN`, {
        culprit: { blob: path, row: at },
      });
    }
  });
}

/** Lowers the threshold from above all scores to below all, and keeps the first best. */
function bestThreshold(
  series: readonly NabSeries[],
  scores: readonly ArrayLike<number>[],
  weights: readonly PointWeights[],
  profile: NabProfile,
): number {
  const points = scoredPoints(scores, weights);
  const found = series.map(({ windows }) =>
    new Float64Array(windows.length).fill(-profile.falseNegativeWeight),
  );
  let total = 0;
  let best = 0;
  let threshold = Infinity;
  for (let rank = 0; rank < points.order.length; rank++) {
    const point = points.order[rank]!;
    const file = points.file[point]!;
    const { window, weight } = weights[file]!;
    const at = points.index[point]!;
    const windowOfPoint = window[at]!;
    if (windowOfPoint < 0) total += weight[at]!;
    else {
      const gain = weight[at]! - found[file]![windowOfPoint]!;
      if (gain > 0) {
        found[file]![windowOfPoint] = weight[at]!;
        total += gain;
      }
    }
    const next = points.order[rank + 1];
    const lastOfItsScore = next === undefined || points.score[next] !== points.score[point];
    if (lastOfItsScore && total > best) {
      best = total;
      threshold = points.score[point]!;
    }
  }
  return threshold;
}

interface ScoredPoints {
  readonly file: Uint32Array;
  readonly index: Uint32Array;
  readonly score: Float64Array;
  /** Positions in the arrays, highest score first. */
  readonly order: Uint32Array;
}

function scoredPoints(scores: readonly ArrayLike<number>[], weights: readonly PointWeights[]): ScoredPoints {
  const count = scores.reduce((sum, one, file) => sum + one.length - weights[file]!.probation, 0);
  const file = new Uint32Array(count);
  const index = new Uint32Array(count);
  const score = new Float64Array(count);
  let next = 0;
  scores.forEach((one, number) => {
    for (let at = weights[number]!.probation; at < one.length; at++, next++) {
      file[next] = number;
      index[next] = at;
      score[next] = one[at]!;
    }
  });
  const order = Uint32Array.from({ length: count }, (_, position) => position);
  order.sort((a, b) => score[b]! - score[a]!);
  return { file, index, score, order };
}

/** One series' counts and raw score with alarms at and above the threshold. */
export function scoreNabFile(
  series: NabSeries,
  scores: ArrayLike<number>,
  { probation, window, weight }: PointWeights,
  profile: NabProfile,
  threshold: number,
): NabFileScore {
  const found = new Float64Array(series.windows.length).fill(-profile.falseNegativeWeight);
  const counts = { truePositives: 0, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 };
  const hit = new Set<number>();
  let score = 0;
  for (let at = probation; at < scores.length; at++) {
    const inside = window[at]! >= 0;
    const alarm = scores[at]! >= threshold;
    if (!alarm) counts[inside ? 'falseNegatives' : 'trueNegatives']++;
    else if (inside) {
      counts.truePositives++;
      hit.add(window[at]!);
      found[window[at]!] = Math.max(found[window[at]!]!, weight[at]!);
    } else {
      counts.falsePositives++;
      score += weight[at]!;
    }
  }
  for (const value of found) score += value;
  return { path: series.path, windows: series.windows.length, windowsFound: hit.size, ...counts, score };
}
