import type { Random } from '../../../contracts';
import type { Matrix } from '../../../learn/matrix';
import { averagePrecision, bootstrapInterval, confusionAt, precisionRecallF1 } from '../../../learn/score';
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
  /** Where each label came from: indices into `evidenceSources`. */
  readonly sources: Uint8Array;
  readonly anomalies: number;
}

export interface Figures {
  readonly f1: number;
  readonly precision: number;
  readonly recall: number;
  readonly aucPr: number;
}

/** What stands behind figures. */
export interface Basis {
  /** Rows whose label is known: by a verdict, by one on a minute nearby, or because they are surely normal. */
  readonly rows: number;
  readonly anomalies: number;
  /** Of these, rows that people judged. */
  readonly reviewedRows: number;
  readonly reviewedAnomalies: number;
  /** Hours of an instance with an anomaly that people saw: rows of one hour are hardly different measurements. */
  readonly reviewedEvents: number;
}

/** Figures over rows that people judged, each of which counts once. */
export interface ReviewedFigures extends Figures {
  /** Rows that the model called anomalies, and how many of these people called so too. */
  readonly alarms: number;
  readonly rightAlarms: number;
}

/** Over all known rows, and over those apart that people judged. */
export interface HeldOutFigures extends Figures, Basis {
  readonly reviewed: ReviewedFigures;
}

/** Anything that gives rows a probability of an anomaly. */
export interface Judged {
  readonly threshold: number;
  score(rows: Matrix): { readonly probabilities: Float32Array };
}

const minutesPerBlock = 60;
const resamples = 400;
/** Fewer events that people saw tell nothing about a model. */
export const leastEvents = 3;
/** An interval from fewer drawn events than this is narrower than what is known. */
export const leastEventsToCompare = 5;

/**
 * Verdicts, what they say of their neighbours, and the surely normal. Doubtful rows are nobody's measure, and neither
 * are anomalies that no one but an isolation forest saw: a model would be praised for agreeing with it.
 */
export function knownRows(
  given: { readonly rows: Matrix; readonly instances: readonly string[]; readonly minutes: Int32Array },
  evidence: Evidence,
): HeldOutRows {
  const doubtful = evidenceSources.indexOf('doubtful');
  const band = evidenceSources.indexOf('band');
  const known = Int32Array.from(evidence.labels.keys()).filter((row) => {
    const source = evidence.sources[row];
    if (source === doubtful || (source === band && evidence.labels[row] === 1)) return false;
    return evidence.labels[row]! >= 0 && evidence.weights[row]! > 0;
  });
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
    sources: Uint8Array.from(known, (row) => evidence.sources[row]!),
    anomalies: labels.reduce((sum, label) => sum + label, 0),
  };
}

/** The rows of the first `share` of the time, or those after it by at least an hour. */
export function knownWhere(rows: HeldOutRows, side: 'before' | 'after', share: number): HeldOutRows {
  const { minutes } = rows;
  let first = Infinity;
  let last = -Infinity;
  for (const minute of minutes) {
    first = Math.min(first, minute);
    last = Math.max(last, minute);
  }
  const line = first + (last - first) * share;
  return rowsOf(rows, (row) =>
    side === 'before' ? minutes[row]! < line : minutes[row]! >= line + minutesPerBlock,
  );
}

/** Those that people judged: the only ones whose labels no model had a hand in. */
export function reviewedOf(rows: HeldOutRows): HeldOutRows {
  const verdict = evidenceSources.indexOf('verdict');
  return rowsOf(rows, (row) => rows.sources[row] === verdict);
}

function rowsOf(all: HeldOutRows, isKept: (row: number) => boolean): HeldOutRows {
  const kept = Int32Array.from(all.labels.keys()).filter(isKept);
  const labels = Uint8Array.from(kept, (row) => all.labels[row]!);
  return {
    rows: takeRows(all.rows, kept),
    labels,
    weights: Float32Array.from(kept, (row) => all.weights[row]!),
    blocks: Int32Array.from(kept, (row) => all.blocks[row]!),
    minutes: Int32Array.from(kept, (row) => all.minutes[row]!),
    sources: Uint8Array.from(kept, (row) => all.sources[row]!),
    anomalies: labels.reduce((sum, label) => sum + label, 0),
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

export function basisOf(rows: HeldOutRows): Basis {
  const reviewed = reviewedOf(rows);
  const { labels, blocks } = reviewed;
  return {
    rows: rows.labels.length,
    anomalies: rows.anomalies,
    reviewedRows: labels.length,
    reviewedAnomalies: reviewed.anomalies,
    reviewedEvents: new Set(blocks.filter((_, row) => labels[row] === 1)).size,
  };
}

/** Undefined where people have seen too few anomalies of the held-out time, or nothing normal is known of it. */
export function figuresOf(model: Judged, heldOut: HeldOutRows): HeldOutFigures | undefined {
  const basis = basisOf(heldOut);
  if (basis.reviewedEvents < leastEvents || basis.anomalies === basis.rows) return undefined;
  return { ...figuresOver(model, heldOut), ...basis, reviewed: figuresOverReviewed(model, heldOut) };
}

function figuresOverReviewed(model: Judged, heldOut: HeldOutRows): ReviewedFigures {
  const reviewed = reviewedOf(heldOut);
  const { probabilities } = model.score(reviewed.rows);
  const { truePositives, falsePositives } = confusionAt(probabilities, reviewed.labels, model.threshold);
  return {
    ...figuresOver(model, reviewed),
    alarms: truePositives + falsePositives,
    rightAlarms: truePositives,
  };
}

function figuresOver(model: Judged, { rows, labels, weights }: HeldOutRows): Figures {
  const { probabilities } = model.score(rows);
  const { f1, precision, recall } = precisionRecallF1(
    confusionAt(probabilities, labels, model.threshold, weights),
  );
  return { f1, precision, recall, aucPr: averagePrecision(probabilities, labels, weights) };
}

/** AUC-PR of the model less the champion's, with a 95 % interval. */
export interface ChampionComparison {
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Paired bootstrap over blocks of an instance and an hour: both models are judged on the same drawn rows.
 * @returns 'too few' where people have seen too few anomalies for an interval to mean anything
 */
export function compareWithChampion(
  model: Judged,
  champion: Judged,
  heldOut: HeldOutRows,
  random: Random,
): ChampionComparison | 'too few' {
  if (basisOf(heldOut).reviewedEvents < leastEventsToCompare) return 'too few';
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
