import {
  isQuarterdeckError,
  modelVersionSchema,
  type LabeledCluster,
  type Manifest,
  type ModelVersion,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { LoadedModel } from '../../registry';
import type { Analysis } from '../model/analysis';
import { versionAnalysis } from '../model/currentModel';
import type { Week } from './weeks';

/** Earlier versions that are looked through: a year of quarters. */
const mostVersions = 4;

/**
 * Sizes of every theme under the versions before, as far as they and their predictions are there: a stable id is the
 * same theme in all of them, and a theme that others merged into has their history too.
 *
 * @param center.labels of the version that comes after, and its manifest
 * @param center.until the first week that the version itself has predicted, and the last one looked for
 * @returns weeks by stable id, in no order; a week stands once
 */
export async function earlierWeeks(
  platform: Platform,
  center: {
    techCenter: string;
    labels: readonly LabeledCluster[];
    manifest: Manifest;
    until: Timestamp | undefined;
  },
  signal: AbortSignal,
): Promise<Map<string, Week[]>> {
  const { techCenter, until } = center;
  const lines = new Map(center.labels.map((label) => [label.stableId, new Set(idsBefore(label))]));
  const counts = new Map(center.labels.map(({ stableId }) => [stableId, new Map<Timestamp, number>()]));
  let oldest = until;
  let version = predecessorOf(center.manifest);
  for (let step = 0; step < mostVersions && version !== undefined; step++) {
    const analysis = await analysisIfThere(platform, techCenter, version, signal);
    if (!analysis) break;
    const labels = new Map(analysis.value.labeled.clusters.map((label) => [label.cluster, label]));
    const sizes = await platform.warehouse.clusterSizesByWeek({ techCenter, modelVersion: version }, signal);
    const older = sizes.filter(({ week }) => oldest === undefined || week <= oldest);
    for (const [theme, ids] of lines) {
      const weeks = new Map<Timestamp, number>();
      for (const { cluster, week, incidents } of older) {
        const label = labels.get(cluster);
        if (label && ids.has(label.stableId)) weeks.set(week, (weeks.get(week) ?? 0) + incidents);
      }
      keepLarger(counts.get(theme)!, weeks);
      const continued = [...labels.values()].filter(({ stableId }) => ids.has(stableId));
      for (const id of continued.flatMap(idsBefore)) ids.add(id);
    }
    oldest = older.reduce((first, { week }) => (first === undefined || week < first ? week : first), oldest);
    version = predecessorOf(analysis.manifest);
  }
  return new Map(
    Array.from(counts, ([theme, weeks]) => [
      theme,
      Array.from(weeks, ([week, incidents]) => ({ week, incidents })),
    ]),
  );
}

/** Ids under which the tickets of a cluster went before it. */
function idsBefore({ stableId, lineage }: LabeledCluster): string[] {
  return lineage.event === 'merged' ? [stableId, ...lineage.from.map((from) => from.stableId)] : [stableId];
}

/** Where two versions know a week, one knows only a part of it: its window begins or ends inside. */
function keepLarger(counts: Map<Timestamp, number>, weeks: ReadonlyMap<Timestamp, number>): void {
  for (const [week, incidents] of weeks) counts.set(week, Math.max(counts.get(week) ?? 0, incidents));
}

/** The version that this one was compared with when it was trained, and whose ids it continues. */
function predecessorOf(manifest: Manifest): ModelVersion | undefined {
  const version = modelVersionSchema.safeParse(manifest.parameters['comparedWith']);
  return version.success ? version.data : undefined;
}

/** A version that is gone or damaged ends the history, not the answer. */
async function analysisIfThere(
  platform: Platform,
  techCenter: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<LoadedModel<Analysis> | undefined> {
  try {
    return await versionAnalysis(platform, techCenter, version, signal);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING') || isQuarterdeckError(error, 'MODEL_CORRUPT')) {
      return undefined;
    }
    throw error;
  }
}
