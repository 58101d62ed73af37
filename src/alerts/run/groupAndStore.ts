import {
  codeVersion,
  timestampMs,
  toTimestamp,
  type Alert,
  type ServiceGraph,
  type Timestamp,
} from '../../contracts';
import { checkAborted, type RunControl } from '../../learn/run';
import type { Platform } from '../../platform/platform';
import type { GroupingResults } from '../results/groupingResults';
import { currentAlertModel, type AlertModel } from '../model';
import { archiveAlerts } from '../train/alertHistory';
import { nameByLanguageModel, type RankedGroup } from '../rank';
import { groupAlerts, type AlertGroupingResult } from './groupAlerts';
import { groupIdentities } from './groupIdentity';
import { groupingContext, groupingInput, type GroupingContext } from './groupingContext';
import { withSaidCauses } from './saidCauses';
import { resultRows } from './resultRows';

export type GroupingPlatform = Pick<
  Platform,
  'warehouse' | 'blobs' | 'settings' | 'clock' | 'telemetry' | 'newId' | 'threads' | 'languageModel'
>;

export interface GroupingRequest {
  /** `all`, or the file that the alerts come from. */
  readonly scope: string;
  /** The moment up to which alerts are grouped. */
  readonly at: Timestamp;
  readonly alerts: readonly Alert[];
  readonly graph: ServiceGraph;
  /** What else the run's metadata shall say. */
  readonly metadata?: object;
}

const alertsPerWrite = 20_000;

/**
 * One grouping run over alerts that were read: groups them, keeps them for training, stores the tables, hands the
 * files to `publish`, and records the run last, so that a run that was killed half way is no run: its rows are under an
 * id that nobody is told of.
 */
export async function groupAndStore(
  platform: GroupingPlatform,
  request: GroupingRequest,
  publish: (results: GroupingResults, signal: AbortSignal) => Promise<void>,
  control: RunControl & { readonly signal: AbortSignal },
): Promise<GroupingResults> {
  const { signal } = control;
  const { alerts, graph, at, scope } = request;
  const { settings } = platform;
  const startedAt = toTimestamp(platform.clock.now());
  const { context, model, result: grouped } = await groupFor(platform, request, control);
  checkAborted(control);
  const archived = await archiveGrouped(platform, grouped, at, signal);
  const identities = groupIdentities({
    group: grouped.group,
    groups: grouped.groups,
    alertIds: alerts.map(({ id }) => id),
    startMs: Float64Array.from(alerts, ({ startsAt }) => timestampMs(startsAt)),
    previous: context.previousGroups,
  });
  const said = withSaidCauses(grouped.ranked, identities.ids, context.causes, grouped.index);
  const { ranked, naming } = await nameGroups(platform, said, grouped, signal);
  const result = { ...grouped, ranked };
  const results = resultRows({
    runId: newRunId(platform),
    runAt: at,
    scope,
    result,
    identities,
    changes: context.changes,
    before: {
      groups: context.previousRun
        ? await platform.warehouse.alertGroupsOfRun(context.previousRun.runId, signal)
        : [],
      members: context.previousGroups,
      longestOpenHours: settings.ALERT_LONGEST_OPEN_HOURS,
    },
    modelVersion: model?.version ?? null,
    clusteringStatistics: clusteringStatistics(result, model, settings.MIN_CLUSTERING_SAMPLES),
    metadata: {
      scope,
      startedAt,
      codeVersion,
      settings: settingsOf(platform),
      graph: { version: graph.version, nodes: graph.nodes.length, edges: graph.edges.length },
      model: model?.version ?? null,
      previousRun: context.previousRun?.runId ?? null,
      feedback: feedbackOf(context, result),
      naming,
      maintenanceWindows: context.windows.length,
      changes: context.changes.length,
      metrics: result.metricCoverage ?? null,
      unmappedServices: result.mapping.unmappedServices,
      archivedForTraining: archived,
      ...request.metadata,
    },
    finishedAt: toTimestamp(platform.clock.now()),
  });
  await publish(results, signal);
  await storeResults(platform, results, signal);
  return results;
}

/** What is known around the alerts of a request, and their groups; nothing is stored. */
export async function groupFor(
  platform: GroupingPlatform,
  { scope, at, alerts, graph }: GroupingRequest,
  control: RunControl & { readonly signal: AbortSignal },
): Promise<{ context: GroupingContext; model: AlertModel | undefined; result: AlertGroupingResult }> {
  const { signal } = control;
  const { settings } = platform;
  const from = alerts.reduce((first, { startsAt }) => (startsAt < first ? startsAt : first), at);
  const context = await groupingContext(platform, { scope, from, at }, signal);
  const model = await currentAlertModel(platform, signal);
  const result = await groupAlerts(
    {
      alerts,
      graph,
      settings,
      now: at,
      ...groupingInput(platform, context, at, signal),
      describe: {
        timeZone: settings.ALERT_TIME_ZONE,
        businessHours: settings.ANOMALY_BUSINESS_HOURS,
        lookBackMinutes: settings.ALERT_LOOKBACK_MINUTES,
        windowMinutes: settings.TIME_WINDOW_MINUTES,
        model,
      },
    },
    { threads: platform.threads, ...control },
  );
  return { context, model, result };
}

/** Names by the language model for the most important groups, where one is set; those by rules are there already. */
async function nameGroups(
  { languageModel }: Pick<Platform, 'languageModel'>,
  ranked: readonly RankedGroup[],
  { enriched, group, index }: AlertGroupingResult,
  signal: AbortSignal,
): Promise<{ ranked: readonly RankedGroup[]; naming: object }> {
  if (!languageModel) return { ranked, naming: { by: 'rules' } };
  const named = await nameByLanguageModel(languageModel, ranked, { enriched, group, index }, signal);
  const { groups, rejected, degradedReason } = named;
  const given = groups.filter(({ namedBy }) => namedBy === 'language-model').length;
  return { ranked: groups, naming: { by: 'language-model', given, rejected, degradedReason } };
}

async function storeResults(
  { warehouse }: Pick<Platform, 'warehouse'>,
  results: GroupingResults,
  signal: AbortSignal,
): Promise<void> {
  const { consolidated } = results;
  for (let first = 0; first < consolidated.length; first += alertsPerWrite) {
    await warehouse.mergeConsolidatedAlerts(consolidated.slice(first, first + alertsPerWrite), signal);
  }
  await warehouse.mergeAlertGroups([...results.groups, ...results.closed], signal);
  await warehouse.mergeAlertClusters(results.clusters, signal);
  await warehouse.mergeDeduplicatedAlerts(results.deduplicated, signal);
  await warehouse.mergeAlertMappingStatistics(results.mappingStatistics, signal);
  await warehouse.recordAlertGrouping(results.run, signal);
}

/** What the weekly training learns from: the alerts that were grouped, with their features. */
export async function archiveGrouped(
  platform: GroupingPlatform,
  { enriched, group, features, index }: AlertGroupingResult,
  at: Timestamp,
  signal: AbortSignal,
): Promise<number> {
  const grouped = enriched.filter((_, position) => group[position]! >= 0);
  if (!features || grouped.length === 0) return 0;
  await archiveAlerts(
    platform,
    {
      at,
      alerts: grouped.map(({ alert }) => alert),
      services: grouped.map(({ node }) => (node < 0 ? null : index.graph.nodes[node]!.id)),
      features,
    },
    signal,
  );
  return grouped.length;
}

/** In the order in which runs are made, and another one each time. */
function newRunId({ newId, clock }: Pick<Platform, 'newId' | 'clock'>): string {
  const moment = toTimestamp(clock.now()).slice(0, 23).replaceAll(/[-:.]/g, '');
  return `run-${moment}Z-${newId().replaceAll('-', '').slice(-suffixDigits)}`;
}

const suffixDigits = 8;

function clusteringStatistics(
  { kinds, features }: AlertGroupingResult,
  model: AlertModel | undefined,
  minimumSamples: number,
): object {
  if (!model || !kinds) {
    const reason = model
      ? 'there were no alerts to tell the kinds of'
      : `no model yet: one is trained once ${minimumSamples} alerts have been grouped, and weekly from then on`;
    return { model: null, reason, alerts: features?.rows.n ?? 0 };
  }
  const placed = kinds.cluster.reduce((sum, cluster) => sum + (cluster >= 0 ? 1 : 0), 0);
  return {
    model: model.metadata,
    alerts: features?.rows.n ?? 0,
    alertsWithKind: placed,
    outliers: kinds.outlier.reduce((sum, outlier) => sum + outlier, 0),
    clusters: kinds.profiles.length,
  };
}

function feedbackOf({ feedback, constraints }: GroupingContext, { conflicts }: AlertGroupingResult): object {
  return {
    given: feedback,
    mustLink: constraints.mustLink.length,
    cannotLink: constraints.cannotLink.length,
    conflicts: conflicts.slice(0, conflictsListed).map(({ because }) => because),
    conflictsTotal: conflicts.length,
  };
}

const conflictsListed = 50;

function settingsOf({ settings }: Pick<Platform, 'settings'>): object {
  const { TIME_WINDOW_MINUTES, MIN_MATCH_SCORE, MIN_CLUSTERING_SAMPLES } = settings;
  const { PCA_VARIANCE_THRESHOLD, OUTLIER_CONTAMINATION, ALERT_TIME_ZONE, ALERT_LOOKBACK_MINUTES } = settings;
  return {
    TIME_WINDOW_MINUTES,
    MIN_MATCH_SCORE,
    MIN_CLUSTERING_SAMPLES,
    PCA_VARIANCE_THRESHOLD,
    OUTLIER_CONTAMINATION,
    ALERT_TIME_ZONE,
    ALERT_LOOKBACK_MINUTES,
  };
}
