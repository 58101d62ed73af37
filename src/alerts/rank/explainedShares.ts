import { forTargets, type LocalGraph } from './localGraph';
import { inOrder } from './followBlame';

/** What is left of an explanation at each further dependency. */
const decayPerHop = 0.85;
/** What is left when trouble would have had to pass through a node that has no alert. */
const decayThroughSilence = 0.5;
/** Candidates looked at: the most blamed ones, so that the work stays linear in a group's nodes. */
const mostCandidates = 128;

/**
 * For each candidate the share of the alerts' weight that a fault there would explain: every dependent that it
 * reaches, less for each hop, and less for one that was in trouble before it. 0 for nodes that are no candidates.
 */
export function explainedShares(local: LocalGraph, blame: Float64Array): Float64Array {
  const { n, alerting, downstream, alerts, firstSeenMs } = local;
  const candidates = Array.from({ length: n }, (_, node) => node)
    .toSorted((a, b) => blame[b]! - blame[a]! || a - b)
    .slice(0, mostCandidates);
  const mass = alerts.reduce((sum, weight) => sum + weight, 0);
  const shares = new Float64Array(n);
  const reach = new Float64Array(n);
  const queue = new Int32Array(n);
  for (const candidate of candidates) {
    reach.fill(0);
    reach[candidate] = 1;
    queue[0] = candidate;
    let explained = 0;
    for (let head = 0, tail = 1; head < tail; head++) {
      const node = queue[head]!;
      explained += alerts[node]! * reach[node]! * inOrder(firstSeenMs[candidate]!, firstSeenMs[node]!);
      const onwards =
        reach[node]! * (node < alerting || node === candidate ? decayPerHop : decayThroughSilence);
      forTargets(downstream, node, (dependent) => {
        if (reach[dependent] !== 0) return;
        reach[dependent] = onwards;
        queue[tail++] = dependent;
      });
    }
    shares[candidate] = mass > 0 ? explained / mass : 1;
  }
  return shares;
}
