import { z } from 'zod';
import { timestampMs, type AnomalyScore } from '../../../contracts';
import { firstFrom } from './firstFrom';
import { strengthOf, type NodeAnomaly } from './metricAnomalies';

/** Rows that a model called an anomaly, of one node, in order of time. */
export interface NodeScores {
  readonly atMs: readonly number[];
  readonly scores: readonly AnomalyScore[];
}

const contributionsSchema = z.array(z.object({ feature: z.string(), contribution: z.number() }));
const mostContributions = 5;

export function scoresByNode(
  scores: readonly AnomalyScore[],
  nodeOf: (instance: string) => number | undefined,
): ReadonlyMap<number, NodeScores> {
  const found = new Map<number, [number, AnomalyScore][]>();
  for (const score of scores) {
    const node = score.label === 1 ? nodeOf(score.instance) : undefined;
    if (node === undefined) continue;
    const one: [number, AnomalyScore] = [timestampMs(score.at), score];
    const known = found.get(node);
    if (known) known.push(one);
    else found.set(node, [one]);
  }
  return new Map(
    Array.from(found, ([node, own]) => {
      own.sort((a, b) => a[0] - b[0]);
      return [node, { atMs: own.map(([atMs]) => atMs), scores: own.map(([, score]) => score) }];
    }),
  );
}

/**
 * A row that a model calls an anomaly is something of the node's own, as far beyond usual as its score is beyond the
 * threshold, whatever its size; the strongest counts, from the first on. Where metrics say more, they count.
 */
export function withScores(
  anomalies: ReadonlyMap<number, NodeAnomaly>,
  nodes: readonly number[],
  scoresOf: ReadonlyMap<number, NodeScores>,
  fromMs: number,
  untilMs: number,
): ReadonlyMap<number, NodeAnomaly> {
  const joined = new Map(anomalies);
  for (const node of nodes) {
    const own = scoresOf.get(node);
    if (!own) continue;
    const first = firstFrom(own.atMs, fromMs);
    const within = own.scores.slice(first, firstFrom(own.atMs, untilMs + 1));
    if (within.length === 0) continue;
    const strongest = within.reduce((most, score) => (timesOf(score) > timesOf(most) ? score : most));
    const times = timesOf(strongest);
    const known = anomalies.get(node);
    const told = contributionsSchema
      .parse(JSON.parse(strongest.contributionsJson))
      .filter(({ contribution }) => contribution > 0)
      .slice(0, mostContributions)
      .map(({ feature }) => ({
        metric: feature,
        times,
        direction: 'up' as const,
        startedAtMs: own.atMs[first]!,
      }));
    joined.set(node, {
      requests: known?.requests ?? 0,
      local: Math.max(known?.local ?? 0, strengthOf(times)),
      metrics: known && known.metrics.length > 0 ? known.metrics : told,
    });
  }
  return joined;
}

const timesOf = ({ score, threshold }: AnomalyScore): number => score / Math.max(threshold, Number.EPSILON);
