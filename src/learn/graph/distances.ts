import { QuarterdeckError } from '../../contracts';
import type { Adjacency } from './adjacency';

/**
 * Fewest hops along edges from the nearest of `starts`, by breadth-first search; −1 where none leads.
 * @param limit nodes further away count as not reached.
 * @throws PARAMETER_INVALID when a start is no node.
 */
export function distancesFrom(adjacency: Adjacency, starts: ArrayLike<number>, limit = Infinity): Int32Array {
  return breadthFirst(adjacency, starts, limit).distance;
}

export interface BreadthFirstTree {
  /** Hops; −1 where not reached. */
  readonly distance: Int32Array;
  /** Reached nodes, nearest first, the starts leading. */
  readonly order: Int32Array;
  /** The node before on a shortest path; −1 for starts and where not reached. */
  readonly before: Int32Array;
}

/** @throws PARAMETER_INVALID when a start is no node. */
export function breadthFirst(
  adjacency: Adjacency,
  starts: ArrayLike<number>,
  limit = Infinity,
): BreadthFirstTree {
  const { n, offsets, targets } = adjacency;
  const distance = new Int32Array(n).fill(-1);
  const before = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  let reached = 0;
  for (let index = 0; index < starts.length; index++) {
    const start = starts[index]!;
    if (!Number.isInteger(start) || start < 0 || start >= n) {
      throw new QuarterdeckError('PARAMETER_INVALID', `start ${start} is none of ${n} nodes`, {
        culprit: { option: 'starts' },
      });
    }
    if (distance[start] === 0) continue;
    distance[start] = 0;
    queue[reached++] = start;
  }
  for (let head = 0; head < reached; head++) {
    const node = queue[head]!;
    const next = distance[node]! + 1;
    if (next > limit) break;
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
      const target = targets[edge]!;
      if (distance[target]! >= 0) continue;
      distance[target] = next;
      before[target] = node;
      queue[reached++] = target;
    }
  }
  return { distance, before, order: queue.slice(0, reached) };
}
