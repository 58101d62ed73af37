import type { GraphIndex } from '../graph/graphIndex';
import { explainedShare } from './explainedShare';
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
  /** Share of the belief among the candidates looked at, in [0, 1]. */
  readonly score: number;
  /** Share of the blame that ended here, in [0, 1]. */
  readonly blame: number;
  /** Share of the alerts that a fault here explains by what depends on it, in [0, 1]. */
  readonly explained: number;
  /** What is wrong with it beyond what its dependencies pass on, over the most of any node; in [0, 1]. */
  readonly own: number;
  /** Whether any of the alerts is the node's own. */
  readonly alerting: boolean;
}

/** How much each part bends the belief: exponents of a product, so that a part near zero rules a node out. */
const exponents = { blame: 0.5, own: 1, explained: 1 };
/** What a node is believed that shows nothing itself: causes do go unobserved, but seldom. */
const silentOwn = 0.15;
/** Roots that are worked out to the end. */
const mostRoots = 5;
/** What one candidate explains takes a walk over the group; this many walks keep the work linear in its nodes. */
const mostCandidates = 128;

/**
 * The up to five likeliest roots of one group's alerts, most likely first: for every candidate a product of the blame
 * that ends at it, what is wrong with it beyond what its dependencies pass on, and how much of the group a fault there
 * would explain. Metrics, where there are any, say how strong trouble is and reach nodes without alerts. Work grows
 * with the group's part of the graph.
 */
export function likelyRoots(symptoms: Symptoms, index: GraphIndex, metrics?: MetricAnomalies): LikelyRoot[] {
  const local = localGraph(symptoms, index, metrics);
  if (local.n === 0) return [];
  const own = unexplainedTrouble(local);
  return mostBelieved(local, own, followBlame(local, startOf(local)));
}

/** Blame begins at alerts by their weight; where there is none, at what is in trouble, by its square. */
function startOf({ alerts, alerting, trouble, local }: LocalGraph): Float64Array {
  const start =
    alerting > 0 ? alerts : trouble.map((strength, node) => Math.max(strength, local[node]!) ** 2);
  const sum = start.reduce((total, value) => total + value, 0);
  return sum > 0 ? start.map((value) => value / sum) : start.map(() => 1 / start.length);
}

/**
 * What a candidate explains is at most 1, so that candidates in the order of the other parts need not be looked at
 * once those parts alone fall below the roots already found.
 */
function mostBelieved(local: LocalGraph, own: Float64Array, blame: Float64Array): LikelyRoot[] {
  const strongest = own.reduce((most, value) => Math.max(most, value), 0);
  const strengths = own.map((value) => (strongest > 0 ? value / strongest : 0));
  const atMost = blame.map(
    (share, node) => share ** exponents.blame * Math.max(strengths[node]!, silentOwn) ** exponents.own,
  );
  const candidates = Array.from(atMost, (_, node) => node)
    .toSorted((a, b) => atMost[b]! - atMost[a]! || a - b)
    .slice(0, mostCandidates);
  const explainedBy = explainedShare(local);
  const roots: LikelyRoot[] = [];
  for (const node of candidates) {
    if (roots.length >= mostRoots && atMost[node]! <= roots[mostRoots - 1]!.score) break;
    const explained = explainedBy(node);
    roots.push({
      node: local.nodes[node]!,
      score: atMost[node]! * explained ** exponents.explained,
      blame: blame[node]!,
      explained,
      own: strengths[node]!,
      alerting: node < local.alerting,
    });
    roots.sort((a, b) => b.score - a.score || a.node - b.node);
  }
  const sum = roots.reduce((total, { score }) => total + score, 0);
  return roots.slice(0, mostRoots).map((root) => ({ ...root, score: sum > 0 ? root.score / sum : 0 }));
}
