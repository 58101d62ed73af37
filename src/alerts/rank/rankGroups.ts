import { timestampMs, type Timestamp } from '../../contracts';
import { causeReasons } from './causeReasons';
import type { GraphIndex } from '../graph/graphIndex';
import type { GroupedAlerts, PlacedAlert, ServiceChange } from './facts';
import { readGroups, type GroupFacts } from './groupFacts';
import { importanceJudge, type AlertHistory, type Reach } from './importance';
import { likelyRoots, type LikelyRoot } from './likelyRoots';
import type { MetricAnomalies } from './metrics/metricAnomalies';
import type { MetricsOfStorm } from './metrics/stormMetrics';
import { nameGroup } from './nameGroup';

export interface RankedGroup {
  readonly group: number;
  /** 1 for the most important. */
  readonly rank: number;
  /** 0 … 100. */
  readonly importance: number;
  /** Points of each part that was known; they sum to `importance`. */
  readonly importanceParts: Readonly<Record<string, number>>;
  readonly name: string;
  readonly namedBy: 'rules' | 'language-model';
  /** Best first; empty when no alert of the group could be placed on the graph. */
  readonly causes: readonly LikelyCause[];
}

export interface LikelyCause {
  readonly node: number;
  readonly id: string;
  /** Share of the belief, in [0, 1]. */
  readonly score: number;
  readonly reasons: readonly string[];
}

export interface RankingInput {
  readonly enriched: readonly PlacedAlert[];
  readonly grouping: GroupedAlerts;
  readonly index: GraphIndex;
  readonly contextOf: (node: number) => Reach;
  /** Asked once for each group that has alerting services, around its own start; the largest groups first. */
  readonly metrics?: MetricsOfStorm | undefined;
  readonly changes?: readonly ServiceChange[] | undefined;
  readonly now: Timestamp;
  readonly history?: AlertHistory | undefined;
}

const shownCauses = 5;
/** What caused a storm shows in its first hour; later metrics tell of what people did about it. */
const watchedMs = 60 * 60_000;

/**
 * The groups by importance, each with its likely causes and a name. Pure: the same input gives the same output. Work
 * grows with alerts, and per group with its nodes and their edges.
 */
export function rankGroups(input: RankingInput): RankedGroup[] {
  const { enriched, grouping, index, contextOf, now, history } = input;
  const nowMs = timestampMs(now);
  const judge = importanceJudge(enriched, index, contextOf, history);
  const changes = byService(input.changes ?? []);
  return readGroups(enriched, grouping, nowMs)
    .toSorted((a, b) => b.alerts.length - a.alerts.length || a.group - b.group)
    .map((facts) => {
      const metrics = metricsAround(facts, nowMs, input.metrics);
      const roots = rootsOf(facts, index, metrics).slice(0, shownCauses);
      const first = roots[0]?.node;
      return {
        group: facts.group,
        ...judge(facts, first === undefined ? [] : [first]),
        name: nameGroup(facts, enriched, index, first),
        namedBy: 'rules' as const,
        causes: roots.map((root) => ({
          node: root.node,
          id: index.graph.nodes[root.node]!.id,
          score: root.score,
          reasons: causeReasons(root, { facts, alerts: enriched, index, metrics, changes }),
        })),
      };
    })
    .toSorted((a, b) => b.importance - a.importance)
    .map((ranked, position) => ({ ...ranked, rank: position + 1 }));
}

function metricsAround(
  { nodes, firstMs }: GroupFacts,
  nowMs: number,
  ofStorm?: MetricsOfStorm,
): MetricAnomalies | undefined {
  if (nodes.length === 0) return undefined;
  return ofStorm?.({
    startMs: firstMs,
    untilMs: Math.min(nowMs, firstMs + watchedMs),
    nodes: nodes.map(({ node }) => node),
  });
}

function rootsOf({ nodes }: GroupFacts, index: GraphIndex, metrics?: MetricAnomalies): LikelyRoot[] {
  if (nodes.length === 0) return [];
  return likelyRoots(
    {
      nodes: nodes.map(({ node }) => node),
      firstSeenMs: nodes.map(({ firstSeenMs }) => firstSeenMs),
      weight: nodes.map(({ weight }) => weight),
    },
    index,
    metrics,
  );
}

function byService(changes: readonly ServiceChange[]): ReadonlyMap<string, readonly ServiceChange[]> {
  const services = new Map<string, ServiceChange[]>();
  for (const change of changes) {
    const known = services.get(change.service);
    if (known) known.push(change);
    else services.set(change.service, [change]);
  }
  return services;
}
