import {
  noiseCluster,
  shiftTimestamp,
  type ClusterSummary,
  type LabeledCluster,
  type ModelVersion,
  type Timestamp,
} from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { LoadedModel } from '../../registry';
import type { Analysis } from '../model/analysis';
import { currentAnalysis, versionAnalysis } from '../model/currentModel';
import { earlierWeeks } from './earlierWeeks';
import { fillWeeks, joinWeeks, trendOf, type Week } from './weeks';

/** The clusters of one version with what was predicted into them. */
export interface CenterClusters {
  readonly model: LoadedModel<Analysis>;
  /** Largest first. */
  readonly summaries: readonly ClusterSummary[];
  readonly predicted: number;
  readonly noise: number;
  /** Time of the newest ticket that the version has predicted; undefined before the first. */
  readonly newest: Timestamp | undefined;
}

const sevenDaysMs = 7 * 86_400_000;
/** Tickets of two weeks that are counted one by one; far above what one centre sees. */
const recentLimit = 100_000;

/** @throws MODEL_MISSING, MODEL_CORRUPT, WAREHOUSE_* */
export async function centerClusters(
  platform: Platform,
  query: { techCenter: string; version?: ModelVersion | undefined },
  signal: AbortSignal,
): Promise<CenterClusters> {
  const { techCenter } = query;
  const model =
    query.version === undefined
      ? await currentAnalysis(platform, techCenter, signal)
      : await versionAnalysis(platform, techCenter, query.version, signal);
  const modelVersion = model.version;
  const sizes = await platform.warehouse.clusterSizesByWeek({ techCenter, modelVersion }, signal);
  const weeksOf = new Map<number, Week[]>();
  for (const { cluster, week, incidents } of sizes) {
    weeksOf.set(cluster, [...(weeksOf.get(cluster) ?? []), { week, incidents }]);
  }
  const predicted = total(sizes);
  const weeks = sizes.map(({ week }) => week).sort();
  const recent = await recentCounts(platform, { techCenter, modelVersion }, weeks.at(-1), signal);
  const labels = model.value.labeled.clusters;
  const { manifest } = model;
  const earlier = await earlierWeeks(platform, { techCenter, labels, manifest, until: weeks[0] }, signal);
  const first = [...earlier.values()].flatMap((older) => older.map(({ week }) => week)).sort()[0] ?? weeks[0];
  const span =
    first !== undefined && recent.newest !== undefined ? { first, newest: recent.newest } : undefined;
  const summaries = labels
    .map((label) =>
      summaryOf(label, weeksOf.get(label.cluster) ?? [], {
        predicted,
        span,
        earlier: earlier.get(label.stableId) ?? [],
        thisWeek: recent.counts.get(label.cluster) ?? 0,
      }),
    )
    .sort((a, b) => b.size - a.size || a.cluster - b.cluster);
  const noise = total(weeksOf.get(noiseCluster) ?? []);
  return { model, summaries, predicted, noise, newest: recent.newest };
}

const total = (counts: readonly { incidents: number }[]): number =>
  counts.reduce((sum, { incidents }) => sum + incidents, 0);

interface Recent {
  readonly newest: Timestamp | undefined;
  /** Tickets per cluster in the seven days up to the newest. */
  readonly counts: ReadonlyMap<number, number>;
}

async function recentCounts(
  platform: Platform,
  query: { techCenter: string; modelVersion: ModelVersion },
  lastWeek: Timestamp | undefined,
  signal: AbortSignal,
): Promise<Recent> {
  const counts = new Map<number, number>();
  if (lastWeek === undefined) return { newest: undefined, counts };
  const from = shiftTimestamp(lastWeek, -sevenDaysMs);
  const rows = await platform.warehouse.predictionsBetween({ ...query, from, limit: recentLimit }, signal);
  const newest = rows.at(-1)?.sysCreatedOn;
  if (newest === undefined) return { newest, counts };
  const start = shiftTimestamp(newest, -sevenDaysMs);
  for (const { sysCreatedOn, predictedCluster } of rows) {
    if (sysCreatedOn > start) counts.set(predictedCluster, (counts.get(predictedCluster) ?? 0) + 1);
  }
  return { newest, counts };
}

function summaryOf(
  label: LabeledCluster,
  weeks: readonly Week[],
  center: {
    predicted: number;
    /** From the first week with a prediction, by whichever version, to the newest ticket. */
    span: { first: Timestamp; newest: Timestamp } | undefined;
    /** What versions before have predicted into the same theme. */
    earlier: readonly Week[];
    thisWeek: number;
  },
): ClusterSummary {
  const { predicted, span } = center;
  const counted = total(weeks);
  const history = joinWeeks(center.earlier, weeks);
  return {
    id: label.stableId,
    cluster: label.cluster,
    topic: label.topic,
    keywords: label.keywords.map(({ term }) => term),
    example: label.representatives[0]?.title ?? null,
    domainName: label.domainName,
    // Before the first prediction, the training itself is all that is known.
    size: predicted > 0 ? counted : label.size,
    share: predicted > 0 ? counted / predicted : 0,
    weeks: span ? fillWeeks(history, span.first, span.newest) : [],
    trend: span ? trendOf(history, span.first, span.newest) : null,
    incidentsThisWeek: center.thisWeek,
    isNew: label.lineage.event === 'born',
    event: label.lineage.event,
  };
}
