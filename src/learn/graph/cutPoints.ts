import type { Adjacency } from './adjacency';

export interface CutPoints {
  /** 1 where the node's loss would part what it holds together. */
  readonly articulation: Uint8Array;
  /** Bridges that end at each node: edges whose loss would part their ends. */
  readonly bridges: Int32Array;
}

/**
 * Articulation points and bridges (Hopcroft and Tarjan 1973), without recursion.
 * @param adjacency as `undirected` gives it: every edge at both ends, no loops.
 */
export function cutPoints({ n, offsets, targets }: Adjacency): CutPoints {
  const articulation = new Uint8Array(n);
  const bridges = new Int32Array(n);
  const index = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const parent = new Int32Array(n).fill(-1);
  const nextEdge = Int32Array.from(offsets.subarray(0, n));
  let visited = 0;
  for (let root = 0; root < n; root++) {
    if (index[root]! >= 0) continue;
    index[root] = low[root] = visited++;
    let rootChildren = 0;
    let node = root;
    while (node >= 0) {
      if (nextEdge[node]! < offsets[node + 1]!) {
        const target = targets[nextEdge[node]!++]!;
        if (target === parent[node]) continue;
        if (index[target]! >= 0) {
          low[node] = Math.min(low[node]!, index[target]!);
          continue;
        }
        parent[target] = node;
        index[target] = low[target] = visited++;
        if (node === root) rootChildren++;
        node = target;
        continue;
      }
      const above = parent[node]!;
      if (above >= 0) {
        low[above] = Math.min(low[above]!, low[node]!);
        if (above !== root && low[node]! >= index[above]!) articulation[above] = 1;
        if (low[node]! > index[above]!) {
          bridges[above]!++;
          bridges[node]!++;
        }
      }
      node = above;
    }
    if (rootChildren > 1) articulation[root] = 1;
  }
  return { articulation, bridges };
}
