import { z } from 'zod';
import { timestampMs, type AnomalyScore } from '../../contracts';
import type { GraphIndex } from '../graph/graphIndex';
import type { MetricAnomalies, MetricAnomaly, NodeAnomaly } from '../rank';

/**
 * What the anomaly models saw at the services of a graph: an instance belongs to the service whose id, name or alias
 * it has, or has before a number (`checkout-3`). A score says how sure the model is and not of which size the change
 * was; beyond its threshold it counts as that many times what is usual.
 */

const contributionsSchema = z.array(z.object({ feature: z.string(), contribution: z.number() }));
const shownMetrics = 3;

export function metricsOfNodes(scores: readonly AnomalyScore[], index: GraphIndex): MetricAnomalies {
  const byName = nodesByName(index);
  const worst = new Map<number, { score: AnomalyScore; times: number; startedAtMs: number }>();
  for (const score of scores) {
    const instance = nameOf(score.instance);
    const node = byName.get(instance) ?? byName.get(instance.replace(/[-_.]?\d+$/, ''));
    if (node === undefined || score.label !== 1) continue;
    const atMs = timestampMs(score.at);
    const times = score.score / Math.max(score.threshold, Number.EPSILON);
    const known = worst.get(node);
    if (known === undefined) worst.set(node, { score, times, startedAtMs: atMs });
    else {
      known.startedAtMs = Math.min(known.startedAtMs, atMs);
      if (times > known.times) Object.assign(known, { score, times });
    }
  }
  const nodes = new Map<number, NodeAnomaly>();
  for (const [node, { score, times, startedAtMs }] of worst) {
    const metrics = contributionsSchema
      .parse(JSON.parse(score.contributionsJson))
      .filter(({ contribution }) => contribution > 0)
      .slice(0, shownMetrics)
      .map(({ feature }): MetricAnomaly => ({ metric: feature, times, direction: 'up', startedAtMs }));
    nodes.set(node, { requests: 0, local: Math.log1p(times), metrics });
  }
  return { nodes, calls: new Map() };
}

function nodesByName({ graph }: GraphIndex): Map<string, number> {
  const nodes = new Map<string, number>();
  graph.nodes.forEach(({ id, name, aliases }, node) => {
    for (const word of [id, name, ...aliases]) if (!nodes.has(nameOf(word))) nodes.set(nameOf(word), node);
  });
  return nodes;
}

const nameOf = (word: string): string => word.trim().toLowerCase();
