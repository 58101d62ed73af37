import type { IndexedGraph } from '../consolidate/placement';

/** Steps from a cause to what depends on it, −1 where nothing leads there; searched once per cause. */
export function distancesDownstream({ downstream }: IndexedGraph): (cause: number, node: number) => number {
  const known = new Map<number, Int32Array>();
  const queue = new Int32Array(downstream.n);
  return (cause, node) => {
    let distances = known.get(cause);
    if (distances === undefined) {
      distances = new Int32Array(downstream.n).fill(-1);
      distances[cause] = 0;
      queue[0] = cause;
      for (let head = 0, tail = 1; head < tail; head++) {
        const from = queue[head]!;
        for (let edge = downstream.offsets[from]!; edge < downstream.offsets[from + 1]!; edge++) {
          const to = downstream.targets[edge]!;
          if (distances[to] !== -1) continue;
          distances[to] = distances[from]! + 1;
          queue[tail++] = to;
        }
      }
      known.set(cause, distances);
    }
    return distances[node]!;
  };
}
