import { alertSeverities, type Alert, type ServiceGraph, type Timestamp } from '../../contracts';
import { breathe, type RunControl } from '../../learn/run';
import { consolidate, type ConstraintConflict, type GroupEvidence } from '../consolidate';
import { deduplicate, type AlertRole } from '../deduplicate';
import { enrichAlerts, type EnrichedAlert, type MappingStatistics, type NodeContext } from '../enrich';
import type { PairConstraints } from '../feedback';
import { indexGraph, type GraphIndex } from '../graph/graphIndex';
import { rankGroups, type AlertHistory, type RankedGroup } from '../rank';
import type { AlertFeatures } from '../features';
import { describeAlerts, type DescriptionSettings, type PlacedKinds } from './alertKinds';
import type { NearbyChange } from './changesNear';
import type { MetricCoverage, ServiceMetrics } from './metricsOfServices';

/** Settings that decide how alerts are grouped: what a rule preview may change. */
export interface GroupingSettings {
  readonly TIME_WINDOW_MINUTES: number;
  readonly MIN_MATCH_SCORE: number;
}

export interface GroupAlertsInput {
  readonly alerts: readonly Alert[];
  readonly graph: ServiceGraph;
  readonly settings: GroupingSettings;
  /** The moment up to which alerts are grouped. */
  readonly now: Timestamp;
  /** What people said of earlier groups. */
  readonly constraints?: PairConstraints | undefined;
  /** Says why an alert disturbs nobody; such alerts are kept and not grouped. */
  readonly suppress?: ((alert: EnrichedAlert, index: GraphIndex) => string | undefined) | undefined;
  readonly changes?: readonly NearbyChange[] | undefined;
  /** Gives what is measured of the services of the alerts that are grouped. */
  readonly metrics?:
    ((alerts: readonly EnrichedAlert[], index: GraphIndex) => Promise<ServiceMetrics>) | undefined;
  readonly history?: AlertHistory | undefined;
  /** Without it no features are computed, and alerts have no kinds. */
  readonly describe?: DescriptionSettings | undefined;
}

/** Indices are positions in the list of alerts that was given. */
export interface AlertGroupingResult {
  readonly index: GraphIndex;
  readonly contextOf: (node: number) => NodeContext;
  readonly enriched: readonly EnrichedAlert[];
  readonly mapping: MappingStatistics;
  /** Why an alert was suppressed; undefined for all others. */
  readonly suppressed: readonly (string | undefined)[];
  readonly suppressedAlerts: number;
  /** Per alert; −1 for a suppressed one. */
  readonly group: Int32Array;
  readonly groups: number;
  /** By number of the group. */
  readonly evidence: readonly GroupEvidence[];
  readonly conflicts: readonly ConstraintConflict[];
  readonly role: readonly (AlertRole | 'suppressed')[];
  readonly primary: Int32Array;
  readonly reason: readonly string[];
  /** By rank. */
  readonly ranked: readonly RankedGroup[];
  /** Undefined when metrics were not asked for. */
  readonly metricCoverage: MetricCoverage | undefined;
  /** Of the alerts that were grouped, in their order; undefined when they were not asked for. */
  readonly features: AlertFeatures | undefined;
  /** Undefined without a model. */
  readonly kinds: PlacedKinds | undefined;
}

const steps = ['mapping', 'consolidating', 'ranking', 'de-duplicating', 'describing'] as const;

/**
 * Alerts and the service graph in, ranked groups out: what the timer, the command line, the rule preview and the
 * bench all run. Nothing outside is asked but by `metrics`, and nothing is stored; the same input gives the same groups, whatever the
 * order of the alerts. Time grows with n log n in the alerts.
 * @throws PARAMETER_INVALID, INPUT_INVALID for a graph that does not hold together, ABORTED
 */
export async function groupAlerts(
  input: GroupAlertsInput,
  control: RunControl = {},
): Promise<AlertGroupingResult> {
  const { settings, now } = input;
  const windowMinutes = settings.TIME_WINDOW_MINUTES;
  const step = async (name: (typeof steps)[number]): Promise<void> => {
    await breathe(control);
    control.onProgress?.({ stage: name, done: steps.indexOf(name), total: steps.length });
  };

  await step('mapping');
  const index = indexGraph(input.graph);
  const {
    alerts: enriched,
    contextOf,
    statistics: mapping,
  } = enrichAlerts(input.alerts, index, { minimumScore: settings.MIN_MATCH_SCORE });
  const { suppress } = input;
  const suppressed = enriched.map((alert) => suppress?.(alert, index));
  const kept = keptOf(suppressed);
  const standing = kept.length === enriched.length ? enriched : Array.from(kept, (at) => enriched[at]!);

  await step('consolidating');
  const grouping = consolidate(standing, index, { windowMinutes, links: input.constraints });

  await step('ranking');
  const metrics = await input.metrics?.(standing, index);
  const ranked = rankGroups({
    enriched: standing,
    grouping,
    index,
    contextOf,
    now,
    metrics: metrics?.ofStorm,
    changes: input.changes?.flatMap(({ service, at, title }) =>
      service === null ? [] : [{ service, at, summary: title }],
    ),
    history: input.history,
  });

  await step('de-duplicating');
  const causes = new Int32Array(grouping.groups).fill(-1);
  for (const { group, causes: likely } of ranked) causes[group] = likely[0]?.node ?? -1;
  const deduplication = deduplicate(standing, grouping, index, { windowMinutes, causes });

  await step('describing');
  const described =
    input.describe &&
    (await describeAlerts(
      { enriched: standing, groups: grouping.group, index, now },
      input.describe,
      control,
    ));
  const kinds = described?.kinds;

  const n = enriched.length;
  const group = new Int32Array(n).fill(-1);
  const primary = Int32Array.from({ length: n }, (_, at) => at);
  const role: (AlertRole | 'suppressed')[] = Array.from({ length: n }, () => 'suppressed');
  const reason = suppressed.map((why) => why ?? '');
  for (let place = 0; place < kept.length; place++) {
    const at = kept[place]!;
    group[at] = grouping.group[place]!;
    primary[at] = kept[deduplication.primary[place]!]!;
    role[at] = deduplication.role[place]!;
    reason[at] = deduplication.reason[place]!;
  }
  return {
    index,
    contextOf,
    enriched,
    mapping,
    suppressed,
    suppressedAlerts: n - kept.length,
    group,
    groups: grouping.groups,
    evidence: grouping.evidence.map((evidence) => ({
      ...evidence,
      lead: kept[evidence.lead]!,
      links: evidence.links.map((link) => ({
        ...link,
        alert: kept[link.alert]!,
        other: kept[link.other]!,
      })),
    })),
    conflicts: grouping.conflicts,
    role,
    primary,
    reason,
    ranked,
    metricCoverage: metrics?.coverage(),
    features: described?.features,
    kinds: kinds && { ...kinds, ...spread(kinds, kept, n) },
  };
}

function keptOf(suppressed: readonly (string | undefined)[]): Int32Array {
  const kept = new Int32Array(suppressed.length);
  let count = 0;
  suppressed.forEach((why, at) => {
    if (why === undefined) kept[count++] = at;
  });
  return kept.subarray(0, count);
}

/** From the alerts that were grouped to all of them. */
function spread(
  kinds: PlacedKinds,
  kept: Int32Array,
  n: number,
): Pick<PlacedKinds, 'cluster' | 'confidence' | 'outlier'> {
  if (kept.length === n) return kinds;
  const cluster = new Int32Array(n).fill(-1);
  const confidence = new Float32Array(n);
  const outlier = new Uint8Array(n);
  for (let place = 0; place < kept.length; place++) {
    const at = kept[place]!;
    cluster[at] = kinds.cluster[place]!;
    confidence[at] = kinds.confidence[place]!;
    outlier[at] = kinds.outlier[place]!;
  }
  return { cluster, confidence, outlier };
}

/** The worse of two severities; what nobody knows is worse than nothing. */
export function worse<S extends (typeof alertSeverities)[number]>(a: S, b: S): S {
  return alertSeverities.indexOf(a) <= alertSeverities.indexOf(b) ? a : b;
}
