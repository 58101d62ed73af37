import { localGraph, type LocalGraph } from './localGraph';
import { explainedShares } from './explainedShares';
import type { IndexedGraph } from './facts';
import { walkToCauses } from './walkToCauses';

/** Where trouble shows, and since when. */
export interface Symptoms {
  /** Distinct node indices. */
  readonly nodes: ArrayLike<number>;
  /** Milliseconds since 1970, per node; NaN when not known. */
  readonly firstSeenMs: ArrayLike<number>;
  /** How strongly each node is in trouble, above 0. */
  readonly strength: ArrayLike<number>;
}

export interface LikelyRoot {
  readonly node: number;
  /** Share of the belief, the scores of a group's roots sum to at most 1. */
  readonly score: number;
  /** Share of the symptoms that a fault here explains by what depends on it, in [0, 1]. */
  readonly explained: number;
  /** Where random walks from the symptoms to their dependencies end up, in [0, 1] of the most visited. */
  readonly visited: number;
  /** Own strength over the strongest node's; 0 for a node that shows no symptom itself. */
  readonly own: number;
  /** Whether any of the symptoms is the node's own. */
  readonly alerting: boolean;
}

/** How much each part bends the belief: exponents of a product, so that a part near zero rules a node out. */
const exponents = { explained: 2, visited: 0.25, own: 0.5 };
/** What a node without a symptom of its own is believed: causes do go unobserved, but seldom. */
const silentOwn = 0.05;

/**
 * Roots of one group's symptoms, most likely first: for every candidate, a product of how much of the group a fault
 * there would explain (along the dependencies, with time order), how often a random walk with restart from the
 * symptoms towards dependencies comes by (as MicroRCA and MonitorRank walk), and how strong its own symptom is.
 * Work grows with the group's nodes and their edges, not with the graph.
 */
export function likelyRoots(symptoms: Symptoms, index: IndexedGraph): LikelyRoot[] {
  if (symptoms.nodes.length === 0) return [];
  const local = localGraph(symptoms, index);
  const visited = walkToCauses(local);
  const explained = explainedShares(local, visited);
  return believed(local, visited, explained);
}

function believed(local: LocalGraph, visited: Float64Array, explained: Float64Array): LikelyRoot[] {
  const strongest = local.strength.reduce((most, value) => Math.max(most, value), 0);
  const mostVisited = visited.reduce((most, value) => Math.max(most, value), 0);
  const roots: LikelyRoot[] = [];
  let sum = 0;
  for (let v = 0; v < local.n; v++) {
    if (explained[v] === 0) continue;
    const alerting = v < local.alerting;
    const own = alerting ? local.strength[v]! / strongest : 0;
    const share = visited[v]! / mostVisited;
    const score =
      explained[v]! ** exponents.explained *
      share ** exponents.visited *
      Math.max(own, silentOwn) ** exponents.own;
    sum += score;
    roots.push({ node: local.nodes[v]!, score, explained: explained[v]!, visited: share, own, alerting });
  }
  return roots
    .map((root) => ({ ...root, score: sum > 0 ? root.score / sum : 0 }))
    .toSorted((a, b) => b.score - a.score || a.node - b.node);
}
