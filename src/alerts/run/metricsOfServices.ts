import { shiftTimestamp, type AnomalyScore, type Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { EnrichedAlert } from '../enrich';
import type { GraphIndex } from '../graph/graphIndex';
import {
  historyMs,
  instanceNodes,
  metricSeries,
  stormMetrics,
  type MetricSeries,
  type MetricsOfStorm,
} from '../rank';

/** What is measured of the services that alert in a run. */
export interface ServiceMetrics {
  readonly ofStorm: MetricsOfStorm;
  /** What was read and what was not; asked for when the groups have been ranked. */
  coverage(): MetricCoverage;
}

export interface MetricCoverage {
  /** Time of the first point that was asked for; null when nothing was. */
  readonly from: Timestamp | null;
  readonly instances: number;
  readonly points: number;
  /** Instances of alerting services that were more than a run reads, and their points. */
  readonly instancesLeftOut: number;
  readonly pointsLeftOut: number;
  /** Groups ranked without metric points, because those of larger groups were all that a run looks at. */
  readonly groupsLeftOut: number;
}

export interface MetricLimits {
  readonly instances: number;
  readonly points: number;
}

const hourMs = 3_600_000;
/** Groups that began longer ago are ranked by their alerts: their beginning was looked at while it was new. */
const longestAgoMs = 24 * hourMs;
/** Seven hours of ten metrics by the minute are 4,200 points of an instance; so many take some seconds to read. */
const readLimits: MetricLimits = { instances: 200, points: 500_000 };
/** Points of these are in memory as rows at the same time. */
const instancesAtOnce = 4;

/**
 * Reads the stored points of the instances of alerting services, first those of the services that alerted last, one
 * instance of each service before a second one of any, until the limits are reached.
 * @throws what the warehouse throws
 */
export async function metricsOfServices(
  { warehouse }: Pick<Platform, 'warehouse'>,
  {
    alerts,
    index,
    scores,
    at,
  }: {
    readonly alerts: readonly EnrichedAlert[];
    readonly index: GraphIndex;
    readonly scores: readonly AnomalyScore[];
    readonly at: Timestamp;
  },
  signal: AbortSignal,
  limits: MetricLimits = readLimits,
): Promise<ServiceMetrics> {
  const window = windowOf(alerts, at);
  const chosen = window
    ? chooseInstances(await warehouse.metricCatalog(window, signal), alerts, index, limits)
    : nothing;
  const series = window ? await readSeries({ warehouse }, chosen.instances, window, signal) : [];
  const { ofStorm, stormsLeftOut } = stormMetrics({ series, scores }, index);
  return {
    ofStorm,
    coverage: () => ({
      from: window?.from ?? null,
      instances: chosen.instances.length,
      points: chosen.points,
      instancesLeftOut: chosen.instancesLeftOut,
      pointsLeftOut: chosen.pointsLeftOut,
      groupsLeftOut: stormsLeftOut(),
    }),
  };
}

interface Window {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

async function readSeries(
  { warehouse }: Pick<Platform, 'warehouse'>,
  instances: readonly string[],
  window: Window,
  signal: AbortSignal,
): Promise<MetricSeries[]> {
  const series: MetricSeries[] = [];
  for (let first = 0; first < instances.length; first += instancesAtOnce) {
    const some = instances.slice(first, first + instancesAtOnce);
    const read = await Promise.all(
      some.map((instance) => warehouse.recentPoints({ instance, ...window }, signal)),
    );
    for (const points of read) series.push(...metricSeries(points));
  }
  return series;
}

function windowOf(alerts: readonly EnrichedAlert[], at: Timestamp): Window | undefined {
  let first: Timestamp | undefined;
  for (const { alert, node } of alerts) {
    if (node >= 0 && (first === undefined || alert.startsAt < first)) first = alert.startsAt;
  }
  if (first === undefined) return undefined;
  const longestAgo = shiftTimestamp(at, -longestAgoMs);
  // `to` is no part of the window; points of the very moment are.
  return {
    from: shiftTimestamp(first > longestAgo ? first : longestAgo, -historyMs),
    to: shiftTimestamp(at, 1),
  };
}

interface Chosen {
  readonly instances: readonly string[];
  readonly points: number;
  readonly instancesLeftOut: number;
  readonly pointsLeftOut: number;
}

const nothing: Chosen = { instances: [], points: 0, instancesLeftOut: 0, pointsLeftOut: 0 };

function chooseInstances(
  catalog: readonly { readonly instance: string; readonly points: number }[],
  alerts: readonly EnrichedAlert[],
  index: GraphIndex,
  limits: MetricLimits,
): Chosen {
  const lastAlert = new Map<number, Timestamp>();
  for (const { alert, node } of alerts) {
    if (node >= 0 && alert.startsAt > (lastAlert.get(node) ?? '')) lastAlert.set(node, alert.startsAt);
  }
  const nodeOf = instanceNodes(index);
  const sizes = new Map<string, { node: number; points: number }>();
  for (const { instance, points } of catalog) {
    const node = nodeOf(instance);
    if (node === undefined || !lastAlert.has(node)) continue;
    const known = sizes.get(instance);
    if (known) known.points += points;
    else sizes.set(instance, { node, points });
  }
  const places = new Map<number, number>();
  const inTurn = Array.from(sizes, ([instance, { node, points }]) => {
    const place = places.get(node) ?? 0;
    places.set(node, place + 1);
    return { instance, node, points, place };
  }).sort((a, b) => {
    const [aAt, bAt] = [lastAlert.get(a.node)!, lastAlert.get(b.node)!];
    return a.place - b.place || (aAt === bAt ? a.node - b.node : aAt > bAt ? -1 : 1);
  });
  const instances: string[] = [];
  let points = 0;
  let pointsLeftOut = 0;
  for (const one of inTurn) {
    if (instances.length < limits.instances && points + one.points <= limits.points) {
      instances.push(one.instance);
      points += one.points;
    } else pointsLeftOut += one.points;
  }
  return { instances, points, instancesLeftOut: inTurn.length - instances.length, pointsLeftOut };
}
