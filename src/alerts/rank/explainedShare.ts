import { inOrder } from './followBlame';
import { forTargets, type LocalGraph } from './localGraph';

/** What is left of an explanation at each further dependency. */
const decayPerHop = 0.85;
/** What is left when trouble would have had to pass through a node that has no alert. */
const decayThroughSilence = 0.5;

/**
 * A function that says, for one candidate at a time, which share of the alerts' weight a fault there would explain:
 * every dependent that it reaches, less for each hop, and less for one that was in trouble before it. 1 where there
 * are no alerts to explain.
 */
export function explainedShare(local: LocalGraph): (candidate: number) => number {
  const { n, alerting, downstream, alerts, firstSeenMs } = local;
  const mass = alerts.reduce((sum, weight) => sum + weight, 0);
  const reach = new Float64Array(n);
  const queue = new Int32Array(n);
  return (candidate) => {
    if (mass === 0) return 1;
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
    return explained / mass;
  };
}
