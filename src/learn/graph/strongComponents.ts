import type { Adjacency } from './adjacency';

export interface StrongComponents {
  readonly count: number;
  /**
   * Component of each node. An edge between components leads from a higher number to a lower one, so that counting
   * up goes from what points at nothing else to what nothing else points at.
   */
  readonly component: Int32Array;
}

/** Tarjan (1972), without recursion: deep graphs do not exhaust the call stack. */
export function strongComponents({ n, offsets, targets }: Adjacency): StrongComponents {
  const component = new Int32Array(n).fill(-1);
  const index = new Int32Array(n).fill(-1);
  const low = new Int32Array(n);
  const open = new Int32Array(n);
  const path = new Int32Array(n);
  const nextEdge = new Int32Array(n);
  let openCount = 0;
  let visited = 0;
  let count = 0;
  for (let start = 0; start < n; start++) {
    if (index[start]! >= 0) continue;
    let depth = 0;
    path[0] = start;
    while (depth >= 0) {
      const node = path[depth]!;
      if (index[node]! < 0) {
        index[node] = low[node] = visited++;
        open[openCount++] = node;
        nextEdge[node] = offsets[node]!;
      }
      let child = -1;
      while (nextEdge[node]! < offsets[node + 1]!) {
        const target = targets[nextEdge[node]!++]!;
        if (index[target]! < 0) {
          child = target;
          break;
        }
        if (component[target]! < 0) low[node] = Math.min(low[node]!, index[target]!);
      }
      if (child >= 0) {
        path[++depth] = child;
        continue;
      }
      if (low[node] === index[node]) {
        let member: number;
        do {
          member = open[--openCount]!;
          component[member] = count;
        } while (member !== node);
        count++;
      }
      depth--;
      if (depth >= 0) {
        const parent = path[depth]!;
        low[parent] = Math.min(low[parent]!, low[node]!);
      }
    }
  }
  return { count, component };
}
