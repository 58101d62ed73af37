import { seededRandom, timestampMs, type Timestamp } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { GateCheck } from '../../registry';
import type { AlertClusterSkip } from '../cluster';
import { drawRowNumbers } from '../cluster/drawRows';
import { placeAlerts, type AlertModel } from '../model';
import { idDigest } from './alertHistory';
import {
  compare,
  looksBetter,
  replicateCount,
  withLuckOfLearning,
  type ModelComparison,
} from './compareModels';
import { gateChecks } from './gate';
import { HeldOutJudge, type Judgement } from './heldOutJudge';
import {
  featureRows,
  learnAlertModel,
  type LearnedAlertModel,
  type LearningOptions,
  type LearningRow,
} from './learnAlertModel';

/** An alert of the history, as far as retraining looks at it. */
export interface RetrainingRow extends LearningRow {
  readonly alert: LearningRow['alert'] & { readonly id: string; readonly startsAt: Timestamp };
}

/** What can place alerts: a published version, or one that was just learned. */
export type PlacingModel = Pick<AlertModel, 'space' | 'clusters'>;

export interface RetrainedAlertModel {
  readonly learned: LearnedAlertModel;
  readonly heldOut: number;
  /** Undefined without a current model. */
  readonly comparison: ModelComparison | undefined;
  readonly checks: readonly GateCheck[];
}

/** Of the alerts; every fifth is kept from every training and judges them all. */
const heldOutShare = 0.2;
/** With fewer alerts all of them teach, and judge too: a handful held out would say nothing. */
const fewestToHoldOut = 100;
const hourMs = 3_600_000;

/**
 * Learns from the history and holds the outcome against the current model. Whether an alert is held out is decided by
 * the digest of its id, the same in every retraining, so that no model is judged on alerts it has seen.
 * @throws DATA_NOT_FINITE, DATA_WIDTH_MISMATCH when `current` reads other features, PARAMETER_INVALID, ABORTED
 */
export async function retrainAlertModel(
  rows: readonly RetrainingRow[],
  featureNames: readonly string[],
  current: PlacingModel | undefined,
  options: LearningOptions,
  control: RunControl = {},
): Promise<RetrainedAlertModel | AlertClusterSkip> {
  const split = rows.length >= fewestToHoldOut;
  const judging = Int32Array.from(rows.keys()).filter((row) => !split || isHeldOut(rows[row]!));
  const teaching = split ? rows.filter((row) => !isHeldOut(row)) : rows;
  const learned = await learnAlertModel(teaching, featureNames, options, control);
  if (learned.status === 'skipped') return learned;
  const candidate: PlacingModel = { space: learned.space, clusters: learned.fit.model };
  const comparison =
    current &&
    (await compareWith(current, candidate, { rows, teaching, judging, featureNames }, options, control));
  return {
    learned,
    heldOut: split ? judging.length : 0,
    comparison,
    checks: gateChecks(learned.fit, comparison),
  };
}

function isHeldOut({ alert }: RetrainingRow): boolean {
  // The first bytes decide the draw of large histories: others decide here.
  return idDigest(alert.id).readUInt32BE(8) < heldOutShare * 2 ** 32;
}

interface Material {
  readonly rows: readonly RetrainingRow[];
  /** Rows that the candidate was learned from. */
  readonly teaching: readonly RetrainingRow[];
  /** Numbers of the rows that judge. */
  readonly judging: Int32Array;
  readonly featureNames: readonly string[];
}

/** Both models on the same alerts; each reads names as it learned to. */
async function compareWith(
  current: PlacingModel,
  candidate: PlacingModel,
  { rows, teaching, judging, featureNames }: Material,
  options: LearningOptions,
  control: RunControl,
): Promise<ModelComparison> {
  const rowsOf = ({ space }: PlacingModel): Matrix => featureRows(rows, featureNames, space.nameEmbedding);
  const judge = new HeldOutJudge(rowsOf(candidate), {
    seed: options.seed,
    heldOut: judging,
    groups: Int32Array.from(rows, ({ alert }) => Math.floor(timestampMs(alert.startsAt) / hourMs)),
    ...options.bootstrap,
  });
  const judgeModel = (model: PlacingModel): Promise<Judgement> =>
    judge.judge(placeAlerts(model, rowsOf(model)).cluster, control);
  const ours = await judgeModel(candidate);
  const theirs = await judgeModel(current);
  const difference = judge.difference(ours, theirs);
  const comparison = compare(judge.rows, ours.quality, theirs.quality, difference);
  if (!looksBetter(comparison)) return comparison;

  const replicates: number[] = [];
  for (let replicate = 0; replicate < replicateCount; replicate++) {
    const random = seededRandom(options.seed).fork(`replicate/${replicate}`);
    const half = drawRowNumbers(teaching.length, Math.ceil(teaching.length / 2), random);
    const seed = random.integer(2 ** 32);
    const learned = await learnAlertModel(
      Array.from(half, (row) => teaching[row]!),
      featureNames,
      { ...options, seed },
      control,
    );
    // Half of the alerts may be too few, or all alike: such a model tells nothing apart.
    if (learned.status === 'skipped') replicates.push(0);
    else
      replicates.push(
        (await judgeModel({ space: learned.space, clusters: learned.fit.model })).quality.score,
      );
  }
  return withLuckOfLearning(comparison, difference, replicates);
}
