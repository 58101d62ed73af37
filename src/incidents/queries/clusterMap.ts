import type { ClusterMap } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { currentAnalysis } from '../model/currentModel';

/**
 * Tickets and clusters of a tech centre in two dimensions, as laid out when the current version was trained.
 * @throws MODEL_MISSING
 */
export async function clusterMap(
  platform: Platform,
  { techCenter }: { techCenter: string },
  signal: AbortSignal,
): Promise<ClusterMap> {
  const { version, value } = await currentAnalysis(platform, techCenter, signal);
  return {
    techCenter,
    version,
    points: value.layout.points,
    clusters: value.labeled.clusters.map(({ stableId, cluster, topic, layout: [x, y] }) => ({
      id: stableId,
      cluster,
      topic,
      x,
      y,
    })),
  };
}
