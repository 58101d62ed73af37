import type { LocalGraph } from './localGraph';
import { inOrder } from './walkToCauses';

/** What is left of an explanation at each further dependency. */
const decayPerHop = 0.85;
/** What is left when trouble would have had to pass through a node that shows none. */
const decayThroughSilence = 0.5;
/** Candidates looked at: the most visited ones, so that the work stays linear in a group's nodes. */
const mostCandidates = 128;

/**
 * For each candidate the share of the symptoms' strength that a fault there would explain: every dependent that it
 * reaches, less for each hop, and less for one that was in trouble before it. 0 for nodes that are no candidates.
 */
export function explainedShares(local: LocalGraph, visited: Float64Array): Float64Array {
  const { n, alerting, downstream, strength, firstSeenMs } = local;
  const candidates = Array.from({ length: n }, (_, v) => v)
    .toSorted((a, b) => visited[b]! - visited[a]! || a - b)
    .slice(0, mostCandidates);
  const mass = strength.reduce((sum, value) => sum + value, 0);
  const shares = new Float64Array(n);
  const reach = new Float64Array(n);
  const queue = new Int32Array(n);
  for (const candidate of candidates) {
    reach.fill(0);
    reach[candidate] = 1;
    queue[0] = candidate;
    let explained = 0;
    for (let head = 0, tail = 1; head < tail; head++) {
      const v = queue[head]!;
      if (v < alerting)
        explained += strength[v]! * reach[v]! * inOrder(firstSeenMs[candidate]!, firstSeenMs[v]!);
      const onwards = reach[v]! * (v < alerting || v === candidate ? decayPerHop : decayThroughSilence);
      for (let e = downstream.offsets[v]!; e < downstream.offsets[v + 1]!; e++) {
        const dependent = downstream.targets[e]!;
        if (reach[dependent] !== 0) continue;
        reach[dependent] = onwards;
        queue[tail++] = dependent;
      }
    }
    shares[candidate] = explained / mass;
  }
  return shares;
}
