import type { Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import type { TreeEnsemble } from './ensemble';
import { leafPaths, type LeafPaths } from './leafPaths';
import { checkQueries } from './predictMargins';
import { shapBlock, shapBlockTask } from './shapBlock';

/** Rows that are worked on together; enough that tables of sets pay, few enough to share out and to stop between. */
const rowsPerBlock = 1024;

const pathsOf = new WeakMap<TreeEnsemble, LeafPaths>();

/**
 * Exact Shapley values of every column for every row, path dependent (TreeSHAP: Lundberg, Erion and Lee 2018),
 * in margin units. A row enters a leaf's part of the game only through which of the path's elements it follows,
 * a set of bits; the game of one leaf is a product, so its Shapley values come from the coefficients of
 * Π (zᵢ + oᵢ t), z being an element's share of the training rows and o whether the row follows it. Sets that
 * come again are looked up (after Fast TreeSHAP v2: Yang 2021).
 *
 * @returns n × (d + 1): one column per feature, the last one the bias; a row adds up to its margin.
 * @throws as `checkQueries`; INPUT_TOO_LARGE for trees that are too deep; ABORTED.
 */
export async function treeContributions(
  ensemble: TreeEnsemble,
  data: Matrix,
  run?: RunControl,
): Promise<Matrix> {
  checkQueries(ensemble, data);
  checkAborted(run);
  let paths = pathsOf.get(ensemble);
  if (!paths) pathsOf.set(ensemble, (paths = leafPaths(ensemble)));
  const known = paths;
  const { n, d } = data;
  const values = new Float32Array(n * (d + 1));
  let done = 0;
  const workOn = async (from: number): Promise<void> => {
    const rows = data.values.slice(from * d, Math.min(n, from + rowsPerBlock) * d);
    const block = { paths: known, values: rows, d };
    const contributions = run?.threads
      ? await run.threads.run(shapBlockTask, block, run.signal)
      : shapBlock(block);
    values.set(contributions, from * (d + 1));
    done += rows.length / d;
    run?.onProgress?.({ stage: 'contributions', done, total: n });
  };
  const starts = Array.from({ length: Math.ceil(n / rowsPerBlock) }, (_, block) => block * rowsPerBlock);
  if (run?.threads && starts.length > 1) {
    await Promise.all(starts.map(workOn));
  } else {
    for (const from of starts) {
      await workOn(from);
      if (from + rowsPerBlock < n) await breathe(run);
    }
  }
  return { values, n, d: d + 1 };
}
