import { QuarterdeckError, seededRandom, type Random } from '../../../contracts';
import { checkAborted, type RunControl } from '../../../learn/run';
import { largestShare } from '../../../learn/score';
import { evaluateGate } from '../../../registry';
import { drawRowNumbers } from '../../cluster/drawRows';
import type { LearningOptions } from '../../train/learnAlertModel';
import { retrainAlertModel, type RetrainingRow } from '../../train/retrainAlertModel';
import { alertPool, type AlertPool } from './alertPool';

export interface RetrainingEvaluationOptions {
  /** Retrainings on more of the same, and a fifth as many after new kinds of alerts have come. */
  readonly trials: number;
  /** Alerts of each history. */
  readonly alerts: number;
  readonly seed: number;
}

export interface RetrainingTrials {
  readonly trials: number;
  readonly promoted: number;
  readonly share: number;
  /** Upper end of the one-sided 95 % interval of the share (Wilson 1927). */
  readonly shareAtMost: number;
  /** Improvement of the silhouette as a share of the current one, at the tenths of the trials. */
  readonly relativeImprovements: readonly number[];
  /** Trials that did not come to a comparison. */
  readonly skipped: number;
}

export interface RetrainingEvaluation {
  readonly alerts: number;
  readonly pool: number;
  /** Both histories drawn from the same alerts, with another seed: a promotion is a mistake. */
  readonly same: RetrainingTrials;
  /**
   * The current model was learned before half of the alert names existed: a promotion is right where the new model
   * tells alerts apart better, which it does not where both found the same coarse kinds.
   */
  readonly changed: RetrainingTrials;
}

/** New kinds are promoted or not by a wide margin; what has to be counted well is the rate of mistakes. */
const changedShare = 0.2;
/** The pool is larger than a history by this, so that two draws share little. */
const poolPerHistory = 8;

const learning: Omit<LearningOptions, 'seed'> = {
  minimumSamples: 10,
  contamination: 0.05,
  varianceThreshold: 0.95,
};

/**
 * How often weekly retraining promotes: when nothing but chance has changed, and when it should.
 * @throws PARAMETER_INVALID, ABORTED
 */
export async function evaluateRetraining(
  { trials, alerts, seed }: RetrainingEvaluationOptions,
  control: RunControl = {},
): Promise<RetrainingEvaluation> {
  if (!Number.isInteger(trials) || trials < 1) {
    throw new QuarterdeckError(
      'PARAMETER_INVALID',
      `trials is ${trials}, a whole number from 1 up is needed`,
      {
        culprit: { option: 'trials' },
      },
    );
  }
  const pool = await alertPool(alerts * poolPerHistory, seed, { ...control, onProgress: () => {} });
  const random = seededRandom(seed);
  const changedTrials = Math.max(1, Math.round(changedShare * trials));
  const run = async (kind: 'same' | 'changed', count: number, done: number): Promise<RetrainingTrials> => {
    const outcomes: TrialOutcome[] = [];
    for (let trial = 0; trial < count; trial++) {
      checkAborted(control);
      outcomes.push(await oneTrial(pool, alerts, kind, random.fork(`${kind}/${trial}`), control));
      control.onProgress?.({ stage: kind, done: done + trial + 1, total: trials + changedTrials });
    }
    return summarise(outcomes);
  };
  const same = await run('same', trials, 0);
  return { alerts, pool: pool.rows.length, same, changed: await run('changed', changedTrials, trials) };
}

interface TrialOutcome {
  readonly promoted: boolean;
  readonly relativeImprovement: number | undefined;
}

async function oneTrial(
  { rows, featureNames }: AlertPool,
  alerts: number,
  kind: 'same' | 'changed',
  random: Random,
  { signal }: RunControl,
): Promise<TrialOutcome> {
  const within: RunControl = signal ? { signal } : {};
  const before = kind === 'same' ? rows : withoutHalfOfTheNames(rows, random.fork('names'));
  const options = (key: string): LearningOptions => ({
    ...learning,
    seed: random.fork(key).integer(2 ** 31),
  });
  const first = await retrainAlertModel(
    draw(before, alerts, random.fork('current')),
    featureNames,
    undefined,
    options('current seed'),
    within,
  );
  if ('status' in first) return { promoted: false, relativeImprovement: undefined };
  const { space, fit } = first.learned;
  const second = await retrainAlertModel(
    draw(rows, alerts, random.fork('candidate')),
    featureNames,
    { space, clusters: fit.model },
    options('candidate seed'),
    within,
  );
  if ('status' in second) return { promoted: false, relativeImprovement: undefined };
  return {
    promoted: evaluateGate(second.checks).passed,
    relativeImprovement: second.comparison?.relativeImprovement,
  };
}

function draw(rows: readonly RetrainingRow[], n: number, random: Random): RetrainingRow[] {
  return Array.from(drawRowNumbers(rows.length, n, random), (row) => rows[row]!);
}

function withoutHalfOfTheNames(rows: readonly RetrainingRow[], random: Random): RetrainingRow[] {
  const names = [...new Set(rows.map(({ alert }) => alert.name))].sort();
  const kept = new Set(
    Array.from(drawRowNumbers(names.length, Math.ceil(names.length / 2), random), (name) => names[name]!),
  );
  return rows.filter(({ alert }) => kept.has(alert.name));
}

function summarise(outcomes: readonly TrialOutcome[]): RetrainingTrials {
  const trials = outcomes.length;
  const promoted = outcomes.filter((outcome) => outcome.promoted).length;
  const improvements = outcomes
    .flatMap(({ relativeImprovement }) => (relativeImprovement === undefined ? [] : [relativeImprovement]))
    .sort((a, b) => a - b);
  return {
    trials,
    promoted,
    share: promoted / trials,
    shareAtMost: largestShare(promoted, trials),
    relativeImprovements: Array.from({ length: improvements.length > 0 ? 11 : 0 }, (_, tenth) => {
      return improvements[Math.round((tenth / 10) * (improvements.length - 1))]!;
    }),
    skipped: trials - improvements.length,
  };
}
