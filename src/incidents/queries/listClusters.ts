import type { ClusterList, ModelVersion } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { centerClusters } from './centerClusters';

/**
 * The clusters of a tech centre in the current version, or in the named one; largest first.
 * @throws MODEL_MISSING, MODEL_CORRUPT
 */
export async function listClusters(
  platform: Platform,
  query: { techCenter: string; version?: ModelVersion | undefined },
  signal: AbortSignal,
): Promise<ClusterList> {
  const { model, summaries, predicted, noise } = await centerClusters(platform, query, signal);
  const { manifest, value, version } = model;
  const byNumber = new Map(summaries.map((summary) => [summary.cluster, summary]));
  return {
    techCenter: query.techCenter,
    version,
    trainedAt: manifest.createdAt,
    predicted,
    noise,
    metrics: manifest.metrics,
    clusters: [...summaries],
    domains: value.domains.map(({ name, clusters }) => {
      const members = clusters.flatMap((cluster) => byNumber.get(cluster) ?? []);
      return {
        name,
        clusters: members.map(({ id }) => id),
        size: members.reduce((sum, { size }) => sum + size, 0),
      };
    }),
    deaths: value.labeled.deaths.map(({ stableId, topic, lastVersion }) => ({
      id: stableId,
      topic,
      lastVersion,
    })),
  };
}
