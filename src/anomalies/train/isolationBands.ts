import type { Random } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { fitIsolationForest } from '../../learn/outlier';
import { breathe, type RunControl } from '../../learn/run';
import { columnsOf, featureRoles, meansOfPresent } from '../model';

/** An instance with fewer rows is judged together with the others of that kind. */
const leastRowsOfItsOwn = 400;

/**
 * How every row looks to an isolation forest (100 trees, 256 samples, contamination 0.05) of its own instance's rows,
 * on the −1…1 scale whose bands end at −0.6, −0.3, 0 and 0.3. Each instance gets its own forest: a server that is
 * always busier than the rest is no anomaly, and one that suddenly resembles the rest may be one.
 *
 * @param rows `n × features`, NaN for missing values. @param instances n group numbers.
 * @throws DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_NOT_FINITE, ABORTED.
 */
export async function isolationBands(
  rows: Matrix,
  features: readonly string[],
  instances: ArrayLike<number | string>,
  random: Random,
  run?: RunControl,
): Promise<Float64Array> {
  const { window } = featureRoles(features);
  const byInstance = new Map<number | string, number[]>();
  for (let row = 0; row < rows.n; row++) {
    const own = byInstance.get(instances[row]!);
    if (own) own.push(row);
    else byInstance.set(instances[row]!, [row]);
  }
  const groups: number[][] = [];
  const small: number[] = [];
  for (const own of byInstance.values()) {
    if (own.length >= leastRowsOfItsOwn) groups.push(own);
    else small.push(...own);
  }
  if (small.length > 0) groups.push(small.sort((a, b) => a - b));
  const confidence = new Float64Array(rows.n);
  for (const [index, own] of groups.entries()) {
    run?.onProgress?.({ stage: 'isolation bands', done: index, total: groups.length });
    await breathe(run);
    const taken = takeRows(rows, own);
    const data = columnsOf(taken, window, meansOfPresent(taken));
    const forest = await fitIsolationForest(
      data,
      {},
      random.fork(`group ${index}`),
      run && { ...run, onProgress: () => undefined },
    );
    forest.confidence(data).forEach((value, place) => (confidence[own[place]!] = value));
  }
  run?.onProgress?.({ stage: 'isolation bands', done: groups.length, total: groups.length });
  return confidence;
}

/** A copy of some rows, in the order given. */
export function takeRows({ values, d }: Matrix, rows: ArrayLike<number>): Matrix {
  const taken = new Float32Array(rows.length * d);
  for (let place = 0; place < rows.length; place++) {
    const from = rows[place]! * d;
    taken.set(values.subarray(from, from + d), place * d);
  }
  return { values: taken, n: rows.length, d };
}
