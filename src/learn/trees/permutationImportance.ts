import type { Random } from '../../contracts';
import type { Matrix } from '../matrix';
import { breathe, type RunControl } from '../run';
import { averagePrecision } from '../score';

/** Anything that gives rows a chance of being positive. */
export interface ProbabilityModel {
  predictProbability(data: Matrix): ArrayLike<number>;
}

/** Shuffles whose mean is taken (scikit-learn's default). */
const repeats = 5;

/**
 * What average precision loses when one column is shuffled between the rows (Breiman 2001), mean of 5 shuffles.
 * @returns one number per column; negative where the column misled.
 * @throws LABELS_ONE_CLASS, LABELS_INVALID, DATA_RAGGED, what the model throws, ABORTED.
 */
export async function permutationImportance(
  model: ProbabilityModel,
  data: Matrix,
  labels: ArrayLike<number>,
  random: Random,
  run?: RunControl,
): Promise<Float64Array> {
  const { n, d } = data;
  const values = Float32Array.from(data.values);
  const judge = (): number => averagePrecision(model.predictProbability({ values, n, d }), labels);
  const whole = judge();
  const losses = new Float64Array(d);
  for (let column = 0; column < d; column++) {
    const draws = random.fork(`column ${column}`);
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let row = n - 1; row > 0; row--) {
        const at = row * d + column;
        const other = draws.integer(row + 1) * d + column;
        const held = values[at]!;
        values[at] = values[other]!;
        values[other] = held;
      }
      losses[column]! += (whole - judge()) / repeats;
      await breathe(run);
    }
    for (let row = 0; row < n; row++) values[row * d + column] = data.values[row * d + column]!;
    run?.onProgress?.({ stage: 'columns', done: column + 1, total: d });
  }
  return losses;
}
