import { QuarterdeckError, type Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { stateVectors } from '../review/reviewVectors';
import { combinedScore, fitUnsupervisedStack, scoreWeightsFor, type UnsupervisedStack } from '../model';
import { evidenceSources, gatherEvidence, type Evidence } from './evidence';
import { isolationBands, takeRows } from './isolationBands';

/** Rows to learn from, most of them without a verdict. Every list has one entry per row. */
export interface LearningRows {
  /** `n × features`, NaN for missing values. */
  readonly rows: Matrix;
  readonly features: readonly string[];
  readonly instances: ArrayLike<number | string>;
  readonly minutes: ArrayLike<number>;
  /** 1 anomaly, 0 normal, −1 nobody has said. */
  readonly verdicts: ArrayLike<number>;
  /** By `isolationBands`; computed when left out. */
  readonly confidence?: Float64Array;
}

/** What both families of trees learn from. */
export interface LearningSet extends LearningRows {
  readonly confidence: Float64Array;
  readonly evidence: Evidence;
  readonly stack: UnsupervisedStack;
  readonly scoreWeights: readonly number[];
  /** Unsupervised scores of the rows in one, in units of their spread. */
  readonly unsupervised: Float64Array;
}

/** A row this far on the anomalous side is not among those that the unsupervised scores take for normal. */
const doubtfulConfidence = -0.3;

/**
 * Bands, evidence and the unsupervised scores. The scores are fitted on every row that neither a verdict nor the
 * forest's strong bands call an anomaly: what reviews cleared is normal from now on, however strange it looked.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, DATA_NOT_FINITE, ABORTED.
 */
export async function learningSet(
  given: LearningRows,
  random: Random,
  run?: RunControl,
): Promise<LearningSet> {
  const { rows, features, instances, minutes, verdicts } = given;
  for (const [name, list] of Object.entries({ instances, minutes, verdicts })) {
    if (list.length !== rows.n) {
      throw new QuarterdeckError('DATA_RAGGED', `${list.length} ${name} for ${rows.n} rows`, {
        culprit: { field: name },
      });
    }
  }
  const confidence =
    given.confidence ?? (await isolationBands(rows, features, instances, random.fork('bands'), run));
  const states = stateVectors(rows, features, instances);
  const evidence = gatherEvidence({ instances, minutes, confidence, verdicts, states });
  const normal = rowsTakenForNormal(evidence, confidence);
  const stack = await fitUnsupervisedStack(takeRows(rows, normal), features, random.fork('stack'), run);
  const scoreWeights = scoreWeightsFor(stack, evidence.anomalousEvents);
  const unsupervised = combinedScore(stack.score(rows), scoreWeights);
  return { ...given, confidence, evidence, stack, scoreWeights, unsupervised };
}

/** Rows, ascending, that people cleared or that nothing speaks against. */
export function rowsTakenForNormal(evidence: Evidence, confidence: ArrayLike<number>): Int32Array {
  const normal: number[] = [];
  const doubtful = evidenceSources.indexOf('doubtful');
  evidence.labels.forEach((label, row) => {
    const cleared = label === 0 && evidence.sources[row] !== doubtful;
    if (cleared || (label !== 1 && confidence[row]! > doubtfulConfidence)) normal.push(row);
  });
  return Int32Array.from(normal);
}
