import { noiseCluster, type Classification, type ClassifyRequest } from '../../contracts';
import { matrixFromRows } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import { currentModel } from '../model/currentModel';
import { assignClusters, type Assignment } from '../predict/assignClusters';
import { incidentEmbedderByName, currentIncidentEmbedder } from '../preprocess/incidentEmbedder';
import { cleanText } from '../preprocess/text/cleanText';
import { summarize } from '../preprocess/text/summarize';

/**
 * Clusters for texts as if they were tickets: cleaned, redacted, summarised, embedded and predicted, nothing stored.
 * @throws MODEL_MISSING, EMBEDDING_*, ABORTED
 */
export async function classifyTexts(
  platform: Platform,
  { techCenter, texts }: ClassifyRequest,
  signal: AbortSignal,
): Promise<Classification> {
  const { value: model, manifest, version } = await currentModel(platform, techCenter, signal);
  const embedder =
    manifest.embeddingModel === null
      ? await currentIncidentEmbedder(platform, signal)
      : await incidentEmbedderByName(platform, manifest.embeddingModel, signal);
  const tokens = platform.settings.PREPROCESS_SUMMARY_TOKENS;
  const summaries = texts.map((text) => summarize('', cleanText(text), { tokens }));
  // Embedding services refuse texts without a word.
  const wordy = summaries.flatMap((summary, index) => (/[\p{L}\p{N}]/u.test(summary) ? [index] : []));
  const assignments = new Map<number, Assignment>();
  if (wordy.length > 0) {
    const vectors = await embedder.embed(
      wordy.map((index) => summaries[index]!),
      { signal },
    );
    const assigned = await assignClusters(model, matrixFromRows(vectors), {
      signal,
      threads: platform.threads,
    });
    wordy.forEach((index, row) => assignments.set(index, assigned[row]!));
  }
  return { techCenter, version, results: texts.map((_, index) => resultOf(assignments.get(index))) };
}

function resultOf(assignment: Assignment | undefined): Classification['results'][number] {
  const { cluster, confidence, theme } = assignment ?? {
    cluster: noiseCluster,
    confidence: 0,
    theme: undefined,
  };
  const isNoise = cluster === noiseCluster;
  return {
    cluster,
    clusterId: isNoise ? null : (theme?.stableId ?? null),
    topic: theme?.topic ?? '',
    domainName: theme?.domainName ?? '',
    confidence,
    isSuggestion: isNoise && theme !== undefined,
    reason: theme ? null : 'no known words',
  };
}
