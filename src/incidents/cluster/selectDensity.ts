import { noiseCluster, type Random } from '../../contracts';
import { fitHdbscan, type FittedHdbscan } from '../../learn/cluster';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import type { ClusteringRecipe } from './recipe';

/**
 * Clusters the reduced rows by HDBSCAN. Excess of mass now and then prefers the whole to its parts and gives one
 * cluster that holds nearly everything; where the leaves of the same tree tell more apart without calling most of
 * it noise, they are taken instead.
 */
export async function selectDensity(
  reduced: Matrix,
  recipe: ClusteringRecipe,
  random: Random,
  control?: RunControl,
): Promise<FittedHdbscan> {
  const fit = (clusterSelectionMethod: ClusteringRecipe['clusterSelectionMethod']): Promise<FittedHdbscan> =>
    fitHdbscan(
      reduced,
      {
        minClusterSize: recipe.minClusterSize,
        minSamples: recipe.minSamples,
        clusterSelectionMethod,
        clusterSelectionEpsilon: recipe.clusterSelectionEpsilon,
      },
      random,
      control,
    );
  const chosen = await fit(recipe.clusterSelectionMethod);
  if (recipe.clusterSelectionMethod === 'leaf' || largestShare(chosen) <= recipe.largestShare) return chosen;
  const leaves = await fit('leaf');
  const better = leaves.clusterCount > chosen.clusterCount && noiseShare(leaves) < recipe.largestShare;
  return better ? leaves : chosen;
}

function largestShare({ labels, clusterCount }: FittedHdbscan): number {
  const sizes = new Int32Array(clusterCount);
  for (const label of labels) if (label !== noiseCluster) sizes[label]!++;
  return sizes.reduce((most, size) => Math.max(most, size), 0) / labels.length;
}

function noiseShare({ labels }: FittedHdbscan): number {
  return labels.reduce((count, label) => count + (label === noiseCluster ? 1 : 0), 0) / labels.length;
}
