import type { Random } from '../../../contracts';
import type { Matrix } from '../../../learn/matrix';
import { averagePrecision, bootstrapInterval, confusionAt, precisionRecallF1 } from '../../../learn/score';
import type { GateCheck } from '../../../registry';
import type { Evidence } from '../evidence';
import { evidenceSources } from '../evidence';
import { takeRows } from '../isolationBands';

/** Rows of the held-out time whose label is known, with how much each says. */
export interface HeldOutRows {
  readonly rows: Matrix;
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
  /** Instance and hour: neighbouring minutes are drawn together when an interval is made. */
  readonly blocks: Int32Array;
  readonly minutes: Int32Array;
  readonly anomalies: number;
}

export interface HeldOutFigures {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly aucPr: number;
}

/** Anything that gives rows a probability of an anomaly. */
export interface Judged {
  readonly threshold: number;
  score(rows: Matrix): { readonly probabilities: Float32Array };
}

export interface GateLimits {
  readonly f1: number;
  readonly precision: number;
}

const minutesPerBlock = 60;
const resamples = 400;
/** Fewer confirmed anomalies than this tell nothing about a model. */
const leastAnomalies = 3;

/** Verdicts, what they say of their neighbours, and the surely normal; doubtful rows are nobody's measure. */
export function knownRows(
  given: { readonly rows: Matrix; readonly instances: readonly string[]; readonly minutes: Int32Array },
  evidence: Evidence,
): HeldOutRows {
  const doubtful = evidenceSources.indexOf('doubtful');
  const known = Int32Array.from(evidence.labels.keys()).filter(
    (row) => evidence.labels[row]! >= 0 && evidence.weights[row]! > 0 && evidence.sources[row] !== doubtful,
  );
  const labels = Uint8Array.from(known, (row) => evidence.labels[row]!);
  return {
    rows: takeRows(given.rows, known),
    labels,
    weights: Float32Array.from(known, (row) => evidence.weights[row]!),
    blocks: numbered(
      Array.from(
        known,
        (row) => `${given.instances[row]!} ${Math.floor(given.minutes[row]! / minutesPerBlock)}`,
      ),
    ),
    minutes: Int32Array.from(known, (row) => given.minutes[row]!),
    anomalies: labels.reduce((sum, label) => sum + label, 0),
  };
}

/** The rows of the first `share` of the time, or those after it by at least an hour. */
export function knownWhere(rows: HeldOutRows, side: 'before' | 'after', share: number): HeldOutRows {
  const { minutes, labels, weights, blocks } = rows;
  let first = Infinity;
  let last = -Infinity;
  for (const minute of minutes) {
    first = Math.min(first, minute);
    last = Math.max(last, minute);
  }
  const line = first + (last - first) * share;
  const kept = Int32Array.from(minutes.keys()).filter((row) =>
    side === 'before' ? minutes[row]! < line : minutes[row]! >= line + minutesPerBlock,
  );
  const own = Uint8Array.from(kept, (row) => labels[row]!);
  return {
    rows: takeRows(rows.rows, kept),
    labels: own,
    weights: Float32Array.from(kept, (row) => weights[row]!),
    blocks: Int32Array.from(kept, (row) => blocks[row]!),
    minutes: Int32Array.from(kept, (row) => minutes[row]!),
    anomalies: own.reduce((sum, label) => sum + label, 0),
  };
}

/** The same number for the same name. */
function numbered(names: readonly string[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(names, (name) => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, numbers.size);
    return numbers.size - 1;
  });
}

/** Undefined where the held-out time has too few confirmed anomalies to say anything. */
export function figuresOf(model: Judged, heldOut: HeldOutRows): HeldOutFigures | undefined {
  if (heldOut.anomalies < leastAnomalies || heldOut.anomalies === heldOut.labels.length) return undefined;
  const { probabilities } = model.score(heldOut.rows);
  const { labels, weights } = heldOut;
  const { f1, precision, recall } = precisionRecallF1(
    confusionAt(probabilities, labels, model.threshold, weights),
  );
  return { f1, precision, recall, aucPr: averagePrecision(probabilities, labels, weights) };
}

/** What a model must meet before it may answer: its figures on the held-out time, and those of the champion. */
export function gateChecks(
  figures: HeldOutFigures | undefined,
  limits: GateLimits,
  comparison: ChampionComparison | 'not comparable' | undefined,
): GateCheck[] {
  const least = (name: 'f1' | 'precision', limit: number): GateCheck => ({
    name,
    value: figures?.[name] ?? null,
    limit,
    passed: figures !== undefined && figures[name] > limit,
    reason: figures
      ? `${name} ${figures[name].toFixed(3)} on the held-out time, more than ${limit} is needed`
      : `the held-out time has fewer than ${leastAnomalies} confirmed anomalies: review more of it`,
  });
  const checks = [least('f1', limits.f1), least('precision', limits.precision)];
  if (comparison === 'not comparable') {
    checks.push({
      name: 'not worse than the champion',
      value: null,
      limit: 0,
      passed: true,
      reason:
        'the champion takes other features: only requests can compare them, so this one becomes challenger',
    });
  } else if (comparison) {
    const { difference, lower, upper } = comparison;
    checks.push({
      name: 'not worse than the champion',
      value: difference,
      limit: 0,
      passed: upper >= 0,
      reason: `AUC-PR differs from the champion's by ${difference.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`,
    });
  }
  return checks;
}

/** AUC-PR of the model less the champion's, with a 95 % interval. */
export interface ChampionComparison {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Paired bootstrap over blocks of an instance and an hour: both models are judged on the same drawn rows.
 * @returns undefined where the held-out time says nothing
 */
export function compareWithChampion(
  model: Judged,
  champion: Judged,
  heldOut: HeldOutRows,
  random: Random,
): ChampionComparison | undefined {
  if (heldOut.anomalies < leastAnomalies) return undefined;
  const ours = model.score(heldOut.rows).probabilities;
  const theirs = champion.score(heldOut.rows).probabilities;
  const { labels, weights, blocks } = heldOut;
  const difference = (drawn: Int32Array): number => {
    const truth = Uint8Array.from(drawn, (row) => labels[row]!);
    const weight = Float32Array.from(drawn, (row) => weights[row]!);
    const of = (probabilities: Float32Array): number =>
      averagePrecision(
        Float32Array.from(drawn, (row) => probabilities[row]!),
        truth,
        weight,
      );
    return of(ours) - of(theirs);
  };
  const { estimate, lower, upper } = bootstrapInterval(difference, labels.length, random, {
    resamples,
    groups: blocks,
  });
  return { difference: estimate, lower, upper };
}
