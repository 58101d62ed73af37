import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { confidenceBand, type ConfidenceBand } from '../../learn/outlier';
import { eventExtents, extentReachMinutes, extents } from './eventExtent';

/** What is known of n rows before learning. Every list has n entries. */
export interface ReviewedRows {
  /** Group numbers or names. */
  readonly instances: ArrayLike<number | string>;
  readonly minutes: ArrayLike<number>;
  /** −1…1, below 0 is anomalous. */
  readonly confidence: ArrayLike<number>;
  /** What people said: 1 anomaly, 0 normal, −1 nothing. */
  readonly verdicts: ArrayLike<number>;
  /** How each row looks at its own minute, by `stateVectors`. */
  readonly states: Matrix;
}

/** Where a label came from. */
export const evidenceSources = ['none', 'verdict', 'neighbour', 'band', 'doubtful'] as const;

export interface Evidence {
  /** 1, 0, or −1 where nothing is known. */
  readonly labels: Int8Array;
  /** 0 where nothing is known, 1 for a verdict, less for what was concluded. */
  readonly weights: Float32Array;
  /** Index into `evidenceSources`. */
  readonly sources: Uint8Array;
  /** Of reviewed rows on the anomalous side, the share that were normal after all, drawn in toward one half. */
  readonly clearedShare: number;
  /** Reviewed events with an anomaly: verdicts of one instance that are minutes apart count once. */
  readonly anomalousEvents: number;
  readonly normalEvents: number;
  /** Of reviewed rows in the strongest band, the share that were anomalies, drawn in toward one half. */
  readonly strongBandPrecision: number;
}

/** How far a verdict speaks for neighbouring minutes where the states do not show the event. */
const reachMinutes = 30;
/** Rows further apart than this are no neighbours. */
const gapMinutes = 10;
const neighbourWeight = 0.5;
/** From here on a row is surely normal; the weight grows to 1. */
const surelyNormal = 0.5;
const strongBand: ConfidenceBand = 'anomaly';
/** Unreviewed rows of the strongest band are taken for anomalies only where reviews say that most are. */
const leastStrongBandPrecision = 0.8;
const strongBandWeight = 0.3;
/** Weight of rows on the anomalous side that nobody reviewed, times the share of reviewed ones that were normal. */
const doubtfulWeight = 0.3;
/**
 * Around a confirmed anomaly nothing is concluded from bands: where it began and ended is for reviews to say. Only
 * rows that look as normal as this are normal there too.
 */
const aroundAnomalyMinutes = 90;
const normalAgain = 0.4;
/** Verdicts of an instance this near belong to one event. */
const sameEventMinutes = 60;

/**
 * Labels to learn from: verdicts, what they say of the minutes around them, and the outer confidence bands with weights
 * by confidence. A confirmed anomaly speaks for as much of its event as `eventExtents` finds; any other verdict for
 * neighbouring rows that look strange too. A verdict is never overruled; the anomalous band is used only where the
 * verdicts given within it bear it out. Rows on the anomalous side of which no event was reviewed count as normal a
 * little, as far as reviews of their like were.
 *
 * Leakage: labels are concluded from verdicts at other minutes, so splits must keep that far apart
 * (`evidenceGapMinutes`).
 * @throws DATA_RAGGED
 */
export function gatherEvidence(rows: ReviewedRows): Evidence {
  const { instances, minutes, confidence, verdicts, states } = rows;
  const n = confidence.length;
  for (const [name, list] of Object.entries({ instances, minutes, verdicts })) {
    if (list.length !== n) {
      throw new QuarterdeckError('DATA_RAGGED', `${list.length} ${name} for ${n} rows`, {
        culprit: { field: name },
      });
    }
  }
  if (states.n !== n) {
    throw new QuarterdeckError('DATA_RAGGED', `${states.n} states for ${n} rows`, {
      culprit: { field: 'states' },
    });
  }
  const labels = new Int8Array(n).fill(-1);
  const weights = new Float32Array(n);
  const sources = new Uint8Array(n);
  const order = Array.from({ length: n }, (_, row) => row).sort((a, b) =>
    instances[a]! < instances[b]! ? -1 : instances[a]! > instances[b]! ? 1 : minutes[a]! - minutes[b]!,
  );
  const distanceOf = new Float32Array(n).fill(Infinity);
  order.forEach((row, place) => {
    if (verdicts[row]! < 0) return;
    labels[row] = verdicts[row]!;
    weights[row] = 1;
    sources[row] = 1;
    const floor = Math.max(0, 0.5 * confidence[row]!);
    for (const step of [-1, 1]) {
      let before = row;
      for (let at = place + step; at >= 0 && at < n; at += step) {
        const other = order[at]!;
        if (instances[other] !== instances[row] || verdicts[other]! >= 0) break;
        if (Math.abs(minutes[other]! - minutes[before]!) > gapMinutes) break;
        const distance = Math.abs(minutes[other]! - minutes[row]!);
        if (distance > reachMinutes || confidence[other]! > floor) break;
        // Between two verdicts the nearer one speaks.
        if (distance < distanceOf[other]!) {
          distanceOf[other] = distance;
          labels[other] = verdicts[row]!;
          weights[other] = neighbourWeight;
          sources[other] = 2;
        }
        before = other;
      }
    }
  });
  const reached = eventExtents(rows, order);
  for (let row = 0; row < n; row++) {
    if (verdicts[row]! >= 0 || reached[row] === extents.unreached) continue;
    const unclear = reached[row] === extents.unclear;
    labels[row] = unclear ? -1 : reached[row] === extents.inside ? 1 : 0;
    weights[row] = unclear ? 0 : neighbourWeight;
    sources[row] = unclear ? 0 : 2;
  }
  let strongReviewed = 0;
  let strongAnomalies = 0;
  let suspectsReviewed = 0;
  let suspectsCleared = 0;
  for (let row = 0; row < n; row++) {
    if (verdicts[row]! < 0 || confidence[row]! > 0) continue;
    suspectsReviewed++;
    suspectsCleared += 1 - verdicts[row]!;
    if (confidenceBand(confidence[row]!) !== strongBand) continue;
    strongReviewed++;
    strongAnomalies += verdicts[row]!;
  }
  const strongBandPrecision = (strongAnomalies + 1) / (strongReviewed + 2);
  const clearedShare = (suspectsCleared + 1) / (suspectsReviewed + 2);
  const nearAnomaly = rowsNearAnomalies(order, rows);
  for (let row = 0; row < n; row++) {
    if (labels[row]! >= 0 || reached[row] === extents.unclear) continue;
    const value = confidence[row]!;
    if (nearAnomaly[row] === 1 && value < normalAgain) continue;
    if (value > 0) {
      labels[row] = 0;
      weights[row] = Math.min(1, value / surelyNormal);
      sources[row] = 3;
    } else if (confidenceBand(value) === strongBand && strongBandPrecision >= leastStrongBandPrecision) {
      labels[row] = 1;
      weights[row] = strongBandWeight * strongBandPrecision * -value;
      sources[row] = 3;
    } else if (suspectsReviewed > 0) {
      labels[row] = 0;
      weights[row] = doubtfulWeight * clearedShare;
      sources[row] = 4;
    }
  }
  return {
    labels,
    weights,
    sources,
    anomalousEvents: countEvents(order, rows, 1),
    normalEvents: countEvents(order, rows, 0),
    strongBandPrecision,
    clearedShare,
  };
}

function rowsNearAnomalies(
  order: readonly number[],
  { instances, minutes, verdicts }: ReviewedRows,
): Uint8Array {
  const near = new Uint8Array(verdicts.length);
  for (const inOrder of [order, [...order].reverse()]) {
    let last: number | undefined;
    for (const row of inOrder) {
      if (verdicts[row] === 1) last = row;
      const isNear =
        last !== undefined &&
        instances[last] === instances[row] &&
        Math.abs(minutes[row]! - minutes[last]!) <= aroundAnomalyMinutes;
      if (isNear) near[row] = 1;
    }
  }
  return near;
}

/** Splits that come nearer than this to a test row learn what that row's neighbours were told. */
export const evidenceGapMinutes = extentReachMinutes;

function countEvents(
  order: readonly number[],
  { instances, minutes, verdicts }: ReviewedRows,
  verdict: number,
): number {
  let events = 0;
  let last: number | undefined;
  for (const row of order) {
    if (verdicts[row] !== verdict) continue;
    const same =
      last !== undefined &&
      instances[last] === instances[row] &&
      minutes[row]! - minutes[last]! <= sameEventMinutes;
    if (!same) events++;
    last = row;
  }
  return events;
}
