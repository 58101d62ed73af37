import type { GraphIndex } from '../graph/graphIndex';

import { forTargets } from './localGraph';

/** Hops from a cause to each of `among` that depends on it, through these nodes alone; the cause itself is 0 away. */
export function hopsDownstream(
  cause: number,
  among: readonly number[],
  { downstream }: GraphIndex,
): ReadonlyMap<number, number> {
  const allowed = new Set(among);
  const hops = new Map([[cause, 0]]);
  const queue = [cause];
  for (let head = 0; head < queue.length; head++) {
    const node = queue[head]!;
    forTargets(downstream, node, (dependent) => {
      if (hops.has(dependent) || !allowed.has(dependent)) return;
      hops.set(dependent, hops.get(node)! + 1);
      queue.push(dependent);
    });
  }
  return hops;
}
