import {
  isQuarterdeckError,
  QuarterdeckError,
  shiftTimestamp,
  type ClusterDetail,
  type ModelVersion,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import { currentAnalysis } from '../model/currentModel';
import { centerClusters } from './centerClusters';

/** Newest tickets shown of a cluster. */
const newestShown = 20;
/** How far back they are looked for. */
const newestWithinMs = 28 * 86_400_000;
const newestRead = 5_000;

/**
 * One cluster of the current version by its stable id.
 * @param query without a tech centre, all centres are looked through
 * @throws NOT_FOUND when no current version has the id; MODEL_MISSING for a named centre without a model
 */
export async function clusterDetail(
  platform: Platform,
  query: { techCenter?: string | undefined; id: string },
  signal: AbortSignal,
): Promise<ClusterDetail> {
  const { id } = query;
  const techCenter = query.techCenter ?? (await centerOf(platform, id, signal));
  const { model, summaries, newest } = await centerClusters(platform, { techCenter }, signal);
  const label = model.value.labeled.clusters.find(({ stableId }) => stableId === id);
  const summary = summaries.find((candidate) => candidate.id === id);
  if (!label || !summary) throw notFound(id);
  const members = { techCenter, modelVersion: model.version, cluster: label.cluster };
  return {
    ...summary,
    techCenter,
    version: model.version,
    weightedKeywords: label.keywords,
    namedBy: label.namedBy,
    representatives: label.representatives,
    newest: newest === undefined ? [] : await newestTickets(platform, members, newest, signal),
    lineage: label.lineage,
  };
}

async function centerOf(platform: Platform, id: string, signal: AbortSignal): Promise<string> {
  for (const { techCenter } of await platform.warehouse.techCenters(signal)) {
    try {
      const { value } = await currentAnalysis(platform, techCenter, signal);
      if (value.labeled.clusters.some(({ stableId }) => stableId === id)) return techCenter;
    } catch (error) {
      // A centre without a model has no clusters.
      if (!isQuarterdeckError(error, 'MODEL_MISSING')) throw error;
    }
  }
  throw notFound(id);
}

async function newestTickets(
  platform: Platform,
  members: { techCenter: string; modelVersion: ModelVersion; cluster: number },
  newest: Timestamp,
  signal: AbortSignal,
): Promise<ClusterDetail['newest']> {
  const rows = await platform.warehouse.predictionsBetween(
    { ...members, from: shiftTimestamp(newest, -newestWithinMs), limit: newestRead },
    signal,
  );
  const shown = rows.slice(-newestShown).reverse();
  const incidents =
    shown.length > 0
      ? await platform.warehouse.incidents(
          shown.map(({ number }) => number),
          signal,
        )
      : [];
  const titles = new Map(incidents.map(({ number, shortDescription }) => [number, shortDescription]));
  return shown.map(({ number, sysCreatedOn, confidenceScore }) => ({
    number,
    title: redactSecrets(titles.get(number) ?? ''),
    createdOn: sysCreatedOn,
    confidence: confidenceScore,
  }));
}

function notFound(id: string): QuarterdeckError {
  return new QuarterdeckError('NOT_FOUND', `no current cluster ${id}`, { culprit: { field: 'id' } });
}
