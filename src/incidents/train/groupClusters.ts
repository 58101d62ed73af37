import type { Random } from '../../contracts';
import { fitAgglomerative } from '../../learn/cluster';
import { matrixFromRows } from '../../learn/matrix';
import { silhouette } from '../../learn/score';

/** Domains that a person can keep apart at a glance. */
const mostDomains = 8;
/** Below this, no cut of the dendrogram separates anything: all clusters are one domain. */
const leastSilhouette = 0.02;

/**
 * Groups clusters into domains: Ward's hierarchy over the centroids, cut where the groups are best separated by
 * mean silhouette (Rousseeuw 1987). Ward, because average linkage tends to one large group and loners.
 *
 * @param centroids unit vectors of the embedding space
 * @returns domain number of each cluster, 0 … without gaps
 */
export async function groupClusters(centroids: readonly Float32Array[], random: Random): Promise<Int32Array> {
  let best: Int32Array = new Int32Array(centroids.length);
  if (centroids.length < 3) return best;
  const data = matrixFromRows(centroids);
  const dendrogram = await fitAgglomerative(data, { linkage: 'ward', metric: 'euclidean' });
  let highest = leastSilhouette;
  for (let clusters = 2; clusters <= Math.min(mostDomains, centroids.length - 1); clusters++) {
    const domains = dendrogram.cut({ clusters });
    const score = silhouette(data, domains, { metric: 'cosine' }, random);
    if (score > highest) {
      highest = score;
      best = domains;
    }
  }
  return best;
}
