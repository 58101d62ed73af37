import type { GraphIndex } from '../graph/graphIndex';
import { explainedShares } from './explainedShares';
import { followBlame, unexplainedTrouble } from './followBlame';
import { localGraph, type LocalGraph } from './localGraph';
import type { MetricAnomalies } from './metrics/metricAnomalies';

/** Where alerts are, and since when. */
export interface Symptoms {
  /** Distinct node indices; may be empty when metrics are given. */
  readonly nodes: ArrayLike<number>;
  /** Milliseconds since 1970, per node; NaN when not known. */
  readonly firstSeenMs: ArrayLike<number>;
  /** How much the node's alerts say, above 0 up to 1. */
  readonly weight: ArrayLike<number>;
}

export interface LikelyRoot {
  readonly node: number;
  /** Share of the belief; the scores of a group's roots sum to 1. */
  readonly score: number;
  /** Share of the blame that ended here, in [0, 1]. */
  readonly blame: number;
  /** Share of the alerts that a fault here explains by what depends on it, in [0, 1]. */
  readonly explained: number;
  /** How strongly the node itself is in trouble, over the strongest node's; in [0, 1]. */
  readonly own: number;
  /** Whether any of the alerts is the node's own. */
  readonly alerting: boolean;
}

/** How much each part bends the belief: exponents of a product, so that a part near zero rules a node out. */
const exponents = { blame: 0.5, own: 1, explained: 1 };
/** What a node is believed that shows nothing itself: causes do go unobserved, but seldom. */
const silentOwn = 0.15;

/**
 * Roots of one group's alerts, most likely first: for every candidate a product of the blame that ends at it, how
 * strongly it is itself in trouble, and how much of the group a fault there would explain. Metrics, where there are
 * any, say how strong trouble is and reach nodes without alerts. Work grows with the group's part of the graph.
 */
export function likelyRoots(symptoms: Symptoms, index: GraphIndex, metrics?: MetricAnomalies): LikelyRoot[] {
  const local = localGraph(symptoms, index, metrics);
  if (local.n === 0) return [];
  const own = Float64Array.from(local.trouble, (trouble, node) => Math.max(trouble, local.local[node]!));
  const blame = followBlame(local, startOf(local, own));
  return believed(local, unexplainedTrouble(local), blame, explainedShares(local, blame));
}

/** Blame begins at alerts by their weight; where there is none, at what is in trouble, by its square. */
function startOf({ alerts, alerting }: LocalGraph, own: Float64Array): Float64Array {
  const start = alerting > 0 ? alerts : own.map((strength) => strength * strength);
  const sum = start.reduce((total, value) => total + value, 0);
  return sum > 0 ? start.map((value) => value / sum) : start.fill(1 / start.length);
}

function believed(
  local: LocalGraph,
  own: Float64Array,
  blame: Float64Array,
  explained: Float64Array,
): LikelyRoot[] {
  const strongest = own.reduce((most, value) => Math.max(most, value), 0);
  const roots: LikelyRoot[] = [];
  let sum = 0;
  for (let v = 0; v < local.n; v++) {
    if (explained[v] === 0) continue;
    const strength = strongest > 0 ? own[v]! / strongest : 0;
    const score =
      blame[v]! ** exponents.blame *
      Math.max(strength, silentOwn) ** exponents.own *
      explained[v]! ** exponents.explained;
    sum += score;
    roots.push({
      node: local.nodes[v]!,
      score,
      blame: blame[v]!,
      explained: explained[v]!,
      own: strength,
      alerting: v < local.alerting,
    });
  }
  return roots
    .map((root) => ({ ...root, score: sum > 0 ? root.score / sum : 0 }))
    .toSorted((a, b) => b.score - a.score || a.node - b.node);
}
