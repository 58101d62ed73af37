import type { Random } from '../../contracts';
import { checkMatrix, type Matrix } from '../matrix';
import { checkAborted, type RunControl } from '../run';
import { clusterStability, selectClusters } from './clusterSelection';
import { clusterHierarchy, condenseTree } from './condensedTree';
import { FittedHdbscan } from './fittedHdbscan';
import { completeOptions, type HdbscanOptions } from './hdbscanOptions';
import { clusterPersistence, labelRows, outlierScores } from './labelling';
import { singleLinkage } from './singleLinkage';
import { spanReachability } from './spanningTree';

/**
 * HDBSCAN*: hierarchical density-based clustering (Campello, Moulavi and Sander 2013; McInnes and Healy 2017),
 * with the semantics of the Python package hdbscan 0.8.33 and its exact tree. Euclidean distance.
 *
 * @param data n × d, at least `minClusterSize` rows; left untouched and copied into the model.
 * @param _random part of every estimator's signature; nothing here is random.
 * @throws PARAMETER_INVALID, DATA_EMPTY, DATA_TOO_FEW_ROWS, DATA_RAGGED, DATA_NOT_FINITE, ABORTED
 */
export async function fitHdbscan(
  data: Matrix,
  options: HdbscanOptions,
  _random: Random,
  control: RunControl = {},
): Promise<FittedHdbscan> {
  const complete = completeOptions(options);
  checkMatrix(data, { minimumRows: complete.minClusterSize });
  checkAborted(control);
  const copy: Matrix = { values: Float32Array.from(data.values), n: data.n, d: data.d };
  const minSamples = Math.min(complete.minSamples, data.n - 1);

  const { tree, predictionCoreDistances, order } = await spanReachability(
    copy,
    minSamples,
    complete.ties,
    control,
  );
  const condensedTree = condenseTree(singleLinkage(tree), complete.minClusterSize);
  const hierarchy = clusterHierarchy(condensedTree);
  const epsilon = complete.clusterSelectionEpsilon;
  const own = clusterStability(condensedTree, hierarchy);
  const { selected, stability } = selectClusters(hierarchy, own, {
    method: complete.clusterSelectionMethod,
    epsilon,
    allowSingleCluster: complete.allowSingleCluster,
  });
  const { labels, probabilities } = labelRows(condensedTree, hierarchy, selected, epsilon);
  return new FittedHdbscan({
    options: complete,
    data: copy,
    labels,
    probabilities,
    outlierScores: outlierScores(condensedTree, hierarchy),
    persistence: clusterPersistence(condensedTree, stability, selected, labels),
    selected: Int32Array.from(selected),
    condensedTree,
    minimumSpanningTree: tree,
    predictionCoreDistances,
    order,
  });
}
