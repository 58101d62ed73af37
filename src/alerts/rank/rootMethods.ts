import { distancesFrom, personalisedPageRank } from '../../learn/graph';
import type { GraphIndex } from '../graph/graphIndex';
import { likelyRoots, type Symptoms } from './likelyRoots';
import { forTargets, localGraph, type LocalGraph } from './localGraph';
import type { MetricAnomalies } from './metrics/metricAnomalies';

/** A node and how likely a method thinks it the root; best first. */
export interface ScoredNode {
  readonly node: number;
  readonly score: number;
}

export type RootMethod = (
  symptoms: Symptoms,
  index: GraphIndex,
  metrics?: MetricAnomalies,
) => readonly ScoredNode[];

/** A node counts as in trouble from here on: as unusual as the most unusual that its past has seen. */
const inTrouble = Math.log(2);
const damping = 0.85;

/** What ranking does, and the simple ways that it has to beat. All are asked alike. */
export const rootMethods = {
  quarterdeck: likelyRoots,
  /** Whatever fell ill first. */
  'first alert': byLocal((local) => local.firstSeenMs.map((ms) => (Number.isNaN(ms) ? -Infinity : -ms))),
  /** Whatever of the troubled reaches most of the others downstream. */
  'most upstream': byLocal((local, strength) => {
    return strength.map((own, node) => {
      if (own < inTrouble) return -1;
      const hops = distancesFrom(local.downstream, [node]);
      return hops.reduce((sum, hop, other) => sum + (hop > 0 && strength[other]! >= inTrouble ? 1 : 0), 0);
    });
  }),
  /** Whatever is worst. */
  'highest severity': byLocal((_, strength) => strength),
  /** Troubled nodes none of whose dependencies is in trouble, the worst of them first. */
  'graph traversal': byLocal((local, strength) =>
    strength.map((own, node) => {
      if (own < inTrouble) return -1;
      let explained = false;
      forTargets(local.upstream, node, (target) => {
        explained ||= strength[target]! >= inTrouble;
      });
      return explained ? own - 1000 : own;
    }),
  ),
  /** Personalised PageRank from the alerts to what they depend on, over the graph as it is. */
  'random walk': byLocal((local, strength) => {
    const start = local.alerts.some((weight) => weight > 0) ? local.alerts : strength;
    if (!start.some((weight) => weight > 0)) return strength;
    return personalisedPageRank(local.upstream, { restart: Float64Array.from(start), damping });
  }),
} as const satisfies Record<string, RootMethod>;
export type RootMethodName = keyof typeof rootMethods;

function byLocal(score: (local: LocalGraph, strength: Float64Array) => Float64Array): RootMethod {
  return (symptoms, index, metrics) => {
    const local = localGraph(symptoms, index, metrics);
    const strength = Float64Array.from(local.trouble, (trouble, node) =>
      Math.max(trouble, local.local[node]!),
    );
    const scores = score(local, strength);
    return Array.from(local.nodes, (node, position) => ({ node, score: scores[position]! }))
      .filter((one) => one.score > -Infinity)
      .toSorted((a, b) => b.score - a.score || a.node - b.node);
  };
}
