import louvain from 'graphology-communities-louvain';
import type { Random } from '../../contracts';
import type { Adjacency } from './adjacency';
import { undirectedGraph } from './libraryGraph';

export interface Communities {
  readonly count: number;
  /** Community of each node; the largest is 0, equals go by their first node. */
  readonly community: Int32Array;
}

/**
 * Communities by modularity (Louvain: Blondel et al. 2008).
 * @param adjacency as `undirected` gives it. Without edges every node is its own community.
 */
export function communitiesOf(adjacency: Adjacency, random: Random): Communities {
  const { n } = adjacency;
  const found = louvain(undirectedGraph(adjacency), { rng: () => random.next(), getEdgeWeight: 'weight' });
  const members = new Map<number, number[]>();
  for (let node = 0; node < n; node++) {
    const list = members.get(found[node]!);
    if (list) list.push(node);
    else members.set(found[node]!, [node]);
  }
  const community = new Int32Array(n);
  [...members.values()]
    .sort((a, b) => b.length - a.length || a[0]! - b[0]!)
    .forEach((nodes, number) => nodes.forEach((node) => (community[node] = number)));
  return { count: members.size, community };
}
