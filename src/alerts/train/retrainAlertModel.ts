import { timestampMs, type Timestamp } from '../../contracts';
import type { RunControl } from '../../learn/run';
import type { GateCheck } from '../../registry';
import type { AlertClusterSkip } from '../cluster';
import { placeAlerts, type AlertModel } from '../model';
import { idDigest } from './alertHistory';
import { compareModels, type ModelComparison } from './compareModels';
import { gateChecks } from './gate';
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
  const judging = split ? rows.filter(isHeldOut) : rows;
  const teaching = split ? rows.filter((row) => !isHeldOut(row)) : rows;
  const learned = await learnAlertModel(teaching, featureNames, options, control);
  if (learned.status === 'skipped') return learned;
  const candidate: PlacingModel = { space: learned.space, clusters: learned.fit.model };
  const comparison =
    current && (await compareOn(judging, featureNames, { candidate, current }, options, control));
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

/** Both models on the same alerts; each reads names as it learned to. */
export async function compareOn(
  rows: readonly RetrainingRow[],
  featureNames: readonly string[],
  { candidate, current }: { readonly candidate: PlacingModel; readonly current: PlacingModel },
  { seed, bootstrap }: Pick<LearningOptions, 'seed' | 'bootstrap'>,
  control: RunControl,
): Promise<ModelComparison> {
  const rowsOf = ({ space }: PlacingModel) => featureRows(rows, featureNames, space.nameEmbedding);
  const groups = Int32Array.from(rows, ({ alert }) => Math.floor(timestampMs(alert.startsAt) / hourMs));
  const candidateRows = rowsOf(candidate);
  const labelsOf = (model: PlacingModel, all = rowsOf(model)): Int32Array => placeAlerts(model, all).cluster;
  return compareModels(
    candidateRows,
    labelsOf(candidate, candidateRows),
    labelsOf(current),
    { seed, groups, ...bootstrap },
    control,
  );
}
