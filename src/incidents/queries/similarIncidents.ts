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
  /** Ways to say the same; an incident is as similar as the nearest of them. */
  readonly texts: readonly string[];
  /** Only incidents created before. */
  readonly before: Timestamp;
  readonly limit: number;
  /** Exclusive. */
  readonly minimumSimilarity: number;
}

/**
 * The incidents whose text is nearest to one of those given, embedded as tickets are; none where no embedder was trained
 * yet, or where the texts have no word that it knows. Nearest first.
 * @throws EMBEDDING_*, WAREHOUSE_*, ABORTED
 */
export async function similarIncidents(
  platform: Platform,
  query: SimilarIncidentsQuery,
  signal: AbortSignal,
): Promise<SimilarIncident[]> {
  const tokens = platform.settings.PREPROCESS_SUMMARY_TOKENS;
  const summaries = query.texts
    .map((text) => summarize('', cleanText(text), { tokens }))
    .filter((summary) => /[\p{L}\p{N}]/u.test(summary));
  if (summaries.length === 0) return [];
  const embedder = await embedderIfAny(platform, signal);
  if (!embedder) return [];
  const similarityOf = new Map<string, number>();
  for (const vector of await embedder.embed(summaries, { signal })) {
    if (!vector.some((value) => value !== 0)) continue;
    const found = await platform.warehouse.nearestPreprocessed(
      { vector, embeddingModel: embedder.model, before: query.before, limit: query.limit },
      signal,
    );
    for (const { number, similarity } of found) {
      const known = similarityOf.get(number) ?? query.minimumSimilarity;
      if (similarity > known) similarityOf.set(number, similarity);
    }
  }
  const nearest = [...similarityOf].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const chosen = new Map(nearest.slice(0, query.limit));
  const incidents = await platform.warehouse.incidents([...chosen.keys()], signal);
  const byNumber = new Map(incidents.map((incident) => [incident.number, incident]));
  return [...chosen].flatMap(([number, similarity]) => {
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
