import {
  isQuarterdeckError,
  QuarterdeckError,
  toTimestamp,
  type AnomalyModelName,
  type Contribution,
  type ModelTable,
  type ScoreRole,
  type ScoreSeries,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import { listExperiments, readAliases } from '../../registry';

export interface ScoreSeriesQuery {
  readonly instance: string;
  readonly model?: AnomalyModelName | undefined;
  readonly role?: ScoreRole | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit: number;
}

/** `GET /api/anomalies/scores`: the newest scores of an instance, oldest first. Throws INPUT_INVALID. */
export async function anomalySeries(
  { warehouse }: Pick<Platform, 'warehouse'>,
  query: ScoreSeriesQuery,
  signal: AbortSignal,
): Promise<ScoreSeries> {
  const { instance, model, role, from, to, limit } = query;
  const rows = await warehouse.anomalyScores(
    {
      instance,
      limit,
      ...(model !== undefined && { model }),
      ...(role !== undefined && { role }),
      ...(from !== undefined && { from: timeOf(from, 'from') }),
      ...(to !== undefined && { to: timeOf(to, 'to') }),
    },
    signal,
  );
  return {
    instance,
    scores: rows.toReversed().map((row) => ({
      at: row.at,
      model: row.model,
      version: row.modelVersion,
      role: row.role,
      score: row.score,
      label: row.label,
      confidence: row.confidence,
      threshold: row.threshold,
      contributions: JSON.parse(row.contributionsJson) as Contribution[],
    })),
  };
}

/** `GET /api/models/anomaly`: every version beside its figures. */
export async function modelTable(
  platform: Pick<Platform, 'blobs' | 'telemetry'>,
  { limit }: { readonly limit: number },
  signal: AbortSignal,
): Promise<ModelTable> {
  const aliases = (await readAliases(platform, signal))?.aliases;
  const versions = await listExperiments(platform, { limit }, signal);
  return {
    champion: aliases?.champion ?? null,
    challenger: aliases?.challenger ?? null,
    previous: aliases?.previous ?? null,
    versions: versions.map((version) => ({ ...version, aliases: [...version.aliases] })),
  };
}

function timeOf(text: string, field: string): string {
  try {
    return toTimestamp(text);
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    throw new QuarterdeckError('INPUT_INVALID', `${field}: ${error.message}`, { culprit: { field } });
  }
}
