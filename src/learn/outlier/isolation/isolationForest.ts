import type { Random } from '../../../contracts';
import { checkMatrix, type Matrix } from '../../matrix';
import { checkAborted, type RunControl } from '../../run';
import { contaminationThreshold, defaultContamination, requireContamination } from '../contamination';
import type { Detector } from '../detector';
import { requireWhole, withDefaults } from '../detectorOptions';
import { averagePathLength } from './averagePathLength';
import { fittedIsolationForest, type FittedIsolationForest } from './fittedIsolationForest';
import { growIsolationTrees } from './isolationTrees';
import { PathLengthKernel } from './pathLengthKernel';
import { scoreAllRows } from './scoreRows';

/** Isolation Forest (Liu, Ting and Zhou 2008), as in scikit-learn: rows that random splits set apart early are anomalous. */
export interface IsolationForestOptions {
  /** Default 100. */
  readonly trees: number;
  /** Rows that each tree is grown from, all where there are fewer. Default 256. */
  readonly samples: number;
  /** Share of the training rows that the threshold calls anomalies. Default 0.05. */
  readonly contamination: number;
}

const defaults: IsolationForestOptions = {
  trees: 100,
  samples: 256,
  contamination: defaultContamination,
};

/** With fewer rows there is nothing to set apart. */
const minimumRows = 2;
/** Trees grown between two reports. */
const treesPerReport = 10;

/**
 * @param data `n × d`, anomalies among the rows or not.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS (below 2), DATA_RAGGED, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED.
 */
export async function fitIsolationForest(
  data: Matrix,
  options: Partial<IsolationForestOptions>,
  random: Random,
  run?: RunControl,
): Promise<FittedIsolationForest> {
  checkMatrix(data, { minimumRows });
  const { trees: treeCount, samples: wanted, contamination } = withDefaults(defaults, options);
  requireWhole('trees', treeCount, 1, 100_000);
  requireWhole('samples', wanted, 2);
  requireContamination(contamination);
  checkAborted(run);
  const samples = Math.min(wanted, data.n);
  const trees = growIsolationTrees(data, treeCount, samples, random, (grown) => {
    if (grown % treesPerReport !== 0) return;
    run?.onProgress?.({ stage: 'trees', done: grown, total: treeCount });
    checkAborted(run);
  });
  const scoring = { trees, d: data.d, normalizer: averagePathLength(samples) };
  const scores = await scoreAllRows(scoring, new PathLengthKernel(trees, data.d), data, run);
  let least = Infinity;
  let most = -Infinity;
  for (const score of scores) {
    if (score < least) least = score;
    if (score > most) most = score;
  }
  const threshold = contaminationThreshold(scores, contamination);
  return fittedIsolationForest({ ...scoring, samples, contamination, threshold, least, most });
}

export const isolationForest: Detector<IsolationForestOptions> = {
  name: 'isolation_forest',
  kind: 'points',
  minimumRows,
  fit: fitIsolationForest,
};
