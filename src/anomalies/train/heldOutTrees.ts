import type { Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { averagePrecision } from '../../learn/score';
import { crossValidate, type Splits } from '../../learn/select';
import type { BoostedModel } from '../model';
import { fitTrees, type TreeParameters } from './boostedTrees';
import { takeRows } from './isolationBands';

/** Rows with what is taken for their label; without weight a row is judged and not learned from. */
export interface WeightedLabels {
  readonly labels: Uint8Array;
  readonly weights: Float32Array;
}

/**
 * Margin of every row by trees that have not seen it nor its neighbours in time; NaN where the rows learned from
 * had no anomaly.
 */
export async function heldOutTrees(
  family: BoostedModel['family'],
  data: Matrix,
  { labels, weights }: WeightedLabels,
  splits: Splits,
  parameters: TreeParameters,
  random: Random,
  run?: RunControl,
): Promise<Float64Array> {
  const quiet = run && { ...run, onProgress: () => undefined };
  const { outOfFold } = await crossValidate(
    splits,
    labels,
    async (train, test, fold) => {
      run?.onProgress?.({ stage: 'cross-validation', done: fold, total: splits.folds.length });
      const learned = train.filter((row) => weights[row]! > 0);
      const own = Uint8Array.from(learned, (row) => labels[row]!);
      if (!own.includes(1) || !own.includes(0)) return undefined;
      const trees = await fitTrees(
        family,
        {
          data: takeRows(data, learned),
          labels: own,
          weights: Float32Array.from(learned, (row) => weights[row]!),
        },
        parameters,
        random.fork(`fold ${fold}`),
        quiet,
      );
      return trees.fitted.predictMargins(takeRows(data, test));
    },
    averagePrecision,
    quiet,
  );
  return outOfFold;
}
