import { timestampMs } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import type { PlacedAlert, ServiceChange } from './facts';
import type { GroupFacts } from './groupFacts';
import { hopsDownstream } from './hopsDownstream';
import type { LikelyRoot } from './likelyRoots';
import { forTargets } from './localGraph';
import type { MetricAnomalies } from './metrics/metricAnomalies';
import { serviceName } from './nameGroup';

/** A change this long before a node's first alert may be why. */
const changeWindowMs = 60 * 60_000;
const shownMetrics = 2;
const shownChanges = 2;

export interface ReasonFacts {
  readonly facts: GroupFacts;
  readonly alerts: readonly PlacedAlert[];
  readonly index: GraphIndex;
  readonly metrics?: MetricAnomalies | undefined;
  /** By service name or id, oldest first. */
  readonly changes?: ReadonlyMap<string, readonly ServiceChange[]> | undefined;
}

/** Why a node is thought to be the cause, as sentences that each name their evidence. */
export function causeReasons(root: LikelyRoot, reasonFacts: ReasonFacts): string[] {
  return [
    ...ownSymptom(root, reasonFacts),
    ...dependents(root, reasonFacts),
    ...dependencies(root, reasonFacts),
    ...unusualMetrics(root, reasonFacts),
    ...changesBefore(root, reasonFacts),
  ];
}

function ownSymptom({ node }: LikelyRoot, { facts, alerts, index }: ReasonFacts): string[] {
  const own = facts.nodes.find((one) => one.node === node);
  const name = serviceName(index, node);
  if (!own) return [`${name} has no alert of its own.`];
  const { alert } = alerts[own.alerts[0]!]!;
  const other = facts.nodes.reduce(
    (first, one) => (one.node === node ? first : Math.min(first, one.firstSeenMs)),
    Infinity,
  );
  const told = `${JSON.stringify(alert.name)} (${alert.severity}) began on ${name} at ${clock(own.firstSeenMs)} UTC`;
  if (other === Infinity) return [`${told}; no other service of the graph has alerts in this group.`];
  const minutes = Math.round(Math.abs(other - own.firstSeenMs) / 60_000);
  if (minutes === 0) return [`${told}, in the same minute as the first alert elsewhere.`];
  return [
    `${told}, ${inMinutes(minutes)} ${other > own.firstSeenMs ? 'before any other service' : 'after the first alert elsewhere'}.`,
  ];
}

function dependents({ node, explained }: LikelyRoot, { facts, index }: ReasonFacts): string[] {
  const others = facts.nodes.filter((one) => one.node !== node);
  if (others.length === 0) return [];
  const hops = hopsDownstream(
    node,
    others.map((one) => one.node),
    index,
  );
  const reached = others.filter((one) => hops.has(one.node)).length;
  return reached === 0
    ? ['No other alerting service depends on it.']
    : [
        `${dependingOnIt(reached, others.length)} on it through services in trouble; a fault here explains ${Math.round(explained * 100)} % of the group.`,
      ];
}

const inMinutes = (minutes: number): string => `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;

function dependingOnIt(reached: number, others: number): string {
  if (others === 1) return 'The only other alerting service depends';
  return `${reached} of the ${others} other alerting services ${reached === 1 ? 'depends' : 'depend'}`;
}

function dependencies({ node }: LikelyRoot, { facts, index }: ReasonFacts): string[] {
  const alerting = new Set(facts.nodes.map((one) => one.node));
  let needed = 0;
  const troubled: string[] = [];
  forTargets(index.upstream, node, (target) => {
    needed++;
    if (alerting.has(target)) troubled.push(serviceName(index, target));
  });
  if (needed === 0) return ['It depends on no other service of the graph.'];
  return troubled.length === 0
    ? [`None of the services that it depends on (${needed}) has alerts here.`]
    : [`It depends on ${troubled.slice(0, 3).join(', ')}, in trouble too.`];
}

function unusualMetrics({ node }: LikelyRoot, { metrics }: ReasonFacts): string[] {
  const unusual = metrics?.nodes.get(node)?.metrics.filter(({ times }) => times > 1) ?? [];
  return unusual.slice(0, shownMetrics).map(({ metric, times, direction, startedAtMs }) => {
    const since = Number.isNaN(startedAtMs) ? '' : ` from ${clock(startedAtMs)} UTC on`;
    const much = times >= 100 ? 'more than 100' : String(Number(times.toPrecision(2)));
    return `${metric} went ${direction}${since}, by ${much} times the largest change of its past.`;
  });
}

function changesBefore({ node }: LikelyRoot, { facts, index, changes }: ReasonFacts): string[] {
  if (!changes) return [];
  const { id, name } = index.graph.nodes[node]!;
  const startMs = facts.nodes.find((one) => one.node === node)?.firstSeenMs ?? facts.firstMs;
  const known = [...(changes.get(id) ?? []), ...(name === id ? [] : (changes.get(name) ?? []))];
  return known
    .map((change) => ({ change, beforeMs: startMs - timestampMs(change.at) }))
    .filter(({ beforeMs }) => beforeMs >= 0 && beforeMs <= changeWindowMs)
    .toSorted((a, b) => a.beforeMs - b.beforeMs)
    .slice(0, shownChanges)
    .map(
      ({ change, beforeMs }) =>
        `${change.summary}, ${inMinutes(Math.round(beforeMs / 60_000))} before its first alert.`,
    );
}

function clock(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(11, 16);
}
