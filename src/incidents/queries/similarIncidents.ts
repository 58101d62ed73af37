import { isQuarterdeckError, type Incident, type Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { currentIncidentEmbedder } from '../preprocess/incidentEmbedder';
import { cleanText } from '../preprocess/text/cleanText';
import { summarize } from '../preprocess/text/summarize';

export interface SimilarIncident {
  readonly incident: Incident;
  /** Cosine of the two texts' vectors. */
  readonly similarity: number;
}

export interface SimilarIncidentsQuery {
  readonly text: string;
  /** Only incidents created before. */
  readonly before: Timestamp;
  readonly limit: number;
  /** Exclusive. */
  readonly minimumSimilarity: number;
}

/**
 * The incidents whose text is nearest to the given one, embedded as tickets are; none where no embedder was trained
 * yet, or where the text has no word that it knows.
 * @throws EMBEDDING_*, WAREHOUSE_*, ABORTED
 */
export async function similarIncidents(
  platform: Platform,
  query: SimilarIncidentsQuery,
  signal: AbortSignal,
): Promise<SimilarIncident[]> {
  const tokens = platform.settings.PREPROCESS_SUMMARY_TOKENS;
  const summary = summarize('', cleanText(query.text), { tokens });
  if (!/[\p{L}\p{N}]/u.test(summary)) return [];
  const embedder = await embedderIfAny(platform, signal);
  if (!embedder) return [];
  const [vector] = await embedder.embed([summary], { signal });
  if (!vector?.some((value) => value !== 0)) return [];
  const found = await platform.warehouse.nearestPreprocessed(
    { vector, embeddingModel: embedder.model, before: query.before, limit: query.limit },
    signal,
  );
  const near = found.filter(({ similarity }) => similarity > query.minimumSimilarity);
  const incidents = await platform.warehouse.incidents(
    near.map(({ number }) => number),
    signal,
  );
  const byNumber = new Map(incidents.map((incident) => [incident.number, incident]));
  return near.flatMap(({ number, similarity }) => {
    const incident = byNumber.get(number);
    return incident ? [{ incident, similarity }] : [];
  });
}

async function embedderIfAny(
  platform: Platform,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof currentIncidentEmbedder>> | undefined> {
  try {
    return await currentIncidentEmbedder(platform, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING')) return undefined;
    throw error;
  }
}
