import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { checkFeatures } from './bins';
import type { TreeEnsemble } from './ensemble';
import { marginsOf, marginsTask, type MarginBlock } from './treeWalk';

/** Rows of one thread's turn. */
const rowsPerTask = 8_192;

/**
 * Log-odds of n rows: the base margin and one leaf of every tree, added up in float32 in the order of the trees,
 * as XGBoost does.
 * @throws as `checkQueries`.
 */
export function predictMargins(ensemble: TreeEnsemble, data: Matrix): Float32Array {
  checkQueries(ensemble, data);
  return marginsOf({ ensemble, data });
}

/**
 * The same, shared out over the threads of `run` where it has some and the rows are many.
 * @throws as `checkQueries`; ABORTED.
 */
export async function predictMarginsOnThreads(
  ensemble: TreeEnsemble,
  data: Matrix,
  run?: RunControl,
): Promise<Float32Array> {
  checkQueries(ensemble, data);
  checkAborted(run);
  const { n, d } = data;
  const threads = run?.threads;
  if (!threads || n <= rowsPerTask) return marginsOf({ ensemble, data });
  const margins = new Float32Array(n);
  const isShared = data.values.buffer instanceof SharedArrayBuffer;
  const starts = Array.from({ length: Math.ceil(n / rowsPerTask) }, (_, task) => task * rowsPerTask);
  await Promise.all(
    starts.map(async (from) => {
      const to = Math.min(n, from + rowsPerTask);
      const part = data.values.subarray(from * d, to * d);
      // A view on memory that is not shared would take all of that memory along.
      const values = isShared ? part : part.slice();
      const block: MarginBlock = { ensemble, data: { values, n: to - from, d } };
      margins.set(await threads.run(marginsTask, block, run.signal), from);
    }),
  );
  return margins;
}

/** Chances of being positive: the logistic function of each margin. */
export function probabilitiesOf(margins: Float32Array): Float32Array {
  return margins.map((margin) => 1 / (1 + Math.exp(-margin)));
}

/** @throws DATA_WIDTH_MISMATCH, and as `checkFeatures`. */
export function checkQueries(ensemble: TreeEnsemble, data: Matrix): void {
  checkFeatures(data);
  if (data.d !== ensemble.d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the data has ${data.d} columns, the model was fitted on ${ensemble.d}`,
    );
  }
}
