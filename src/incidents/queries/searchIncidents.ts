import type { IncidentSearch } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { stableIdOf } from './stableIdOf';

/** Tickets whose number or title contains every word, newest first, each with its newest prediction. */
export async function searchIncidents(
  platform: Platform,
  query: { search: string; techCenter?: string | undefined; limit: number },
  signal: AbortSignal,
): Promise<IncidentSearch> {
  const { search: text, techCenter, limit } = query;
  const found = await platform.warehouse.searchIncidents(
    { text, limit, ...(techCenter !== undefined && { techCenter }) },
    signal,
  );
  const predictions = await platform.warehouse.latestPredictions(
    found.map(({ number }) => number),
    signal,
  );
  const newestOf = new Map(predictions.map((prediction) => [prediction.number, prediction]));
  const incidents = await Promise.all(
    found.map(async (incident) => {
      const newest = newestOf.get(incident.number);
      return {
        number: incident.number,
        techCenter: incident.techCenter,
        createdOn: incident.sysCreatedOn,
        shortDescription: incident.shortDescription,
        topic: newest?.clusterTopic ?? null,
        clusterId: newest ? await stableIdOf(platform, newest, signal) : null,
      };
    }),
  );
  return { incidents };
}
