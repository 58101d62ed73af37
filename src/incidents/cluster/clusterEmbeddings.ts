import type { Random } from '../../contracts';
import type { FittedHdbscan } from '../../learn/cluster';
import { fitUmap, type FittedUmap } from '../../learn/manifold';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { assignToNearest } from './assignToNearest';
import type { ClusteringRecipe } from './recipe';
import { selectDensity } from './selectDensity';

export interface ClusteredEmbeddings {
  readonly reducer: FittedUmap;
  readonly clusterer: FittedHdbscan;
  /** Cluster of each ticket, −1 for noise. */
  readonly labels: Int32Array;
  /** The same with noise put to its nearest cluster; −1 only where there is no cluster at all. */
  readonly assigned: Int32Array;
  /** Membership strength in [0, 1]; 0 for noise. */
  readonly strengths: Float64Array;
}

/**
 * Reduces embeddings by UMAP and clusters what comes out by HDBSCAN.
 * @param embeddings n × d, unit rows.
 * @throws DATA_TOO_FEW_ROWS with fewer tickets than a cluster needs, DATA_NOT_FINITE, PARAMETER_INVALID, ABORTED
 */
export async function clusterEmbeddings(
  embeddings: Matrix,
  recipe: ClusteringRecipe,
  random: Random,
  control?: RunControl,
): Promise<ClusteredEmbeddings> {
  const reducer = await fitUmap(
    embeddings,
    { components: recipe.components, neighbors: recipe.neighbors, minimumDistance: 0, metric: 'cosine' },
    random.fork('reduce'),
    control,
  );
  const clusterer = await selectDensity(reducer.embedding, recipe, random.fork('cluster'), control);
  const { labels, probabilities: strengths, clusterCount } = clusterer;
  return {
    reducer,
    clusterer,
    labels,
    strengths,
    assigned: assignToNearest(reducer.embedding, labels, clusterCount),
  };
}
