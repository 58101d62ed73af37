import type { ServiceNode } from '../../contracts';
import type { NodeContext } from '../enrich';
import type { GraphIndex } from '../graph/graphIndex';
import { customersReached } from './customersReached';
import type { PlacedAlert } from './facts';
import { severityWeights, type GroupFacts } from './groupFacts';

/** Points of 100 that each part can bring, when everything is known; what is unknown leaves its share to the rest. */
export const importanceWeights = {
  severity: 30,
  criticality: 20,
  blastRadius: 20,
  users: 10,
  novelty: 10,
  persistence: 10,
} as const;
export type ImportancePart = keyof typeof importanceWeights;

/** How often each fingerprint has fired before. */
export type AlertHistory = ReadonlyMap<string, number>;

/** How far trouble of a node reaches, found once per node. */
export type Reach = Pick<NodeContext, 'blastRadius'>;

export interface Importance {
  /** 0 … 100. */
  readonly importance: number;
  /** Points of each part that was known; they sum to `importance`. */
  readonly importanceParts: Readonly<Record<string, number>>;
}

/** The worst alert says most; the mean of the rest tells a storm of warnings from one. */
const worstShare = 0.7;
/** Half of the most that persistence can bring is reached after this long. */
const persistenceHalfMinutes = 60;
/** A million users is everybody. */
const mostUsersLog10 = 6;
const userLabels = ['users', 'affected_users', 'users_affected', 'customers', 'affected_customers'];
/** Business weight by tier where criticality is not given; deeper tiers as the last. */
const criticalityByTier = [1, 0.8, 0.5, 0.3, 0.2];

/**
 * Weighs groups between 0 and 100 by severity, criticality of what they hit, how much depends on it, users touched,
 * novelty and persistence. Made once per run: what it learns of a node is kept.
 */
export function importanceJudge(
  alerts: readonly PlacedAlert[],
  index: GraphIndex,
  contextOf: (node: number) => Reach,
  history?: AlertHistory,
): (facts: GroupFacts, causes: readonly number[]) => Importance {
  const reached = customersReached(index);
  return (facts, causes) => {
    const nodes = [...facts.nodes.map(({ node }) => node), ...causes];
    const levels: Record<ImportancePart, number | null> = {
      severity: severityLevel(facts, alerts),
      criticality: largest(nodes.map((node) => criticalityOf(index.graph.nodes[node]!))),
      blastRadius: largest(nodes.map((node) => contextOf(node).blastRadius)),
      users: usersLevel(facts, alerts) ?? reached(nodes),
      novelty: history ? noveltyLevel(facts, alerts, history) : null,
      persistence: persistenceLevel(facts),
    };
    return weigh(levels);
  };
}

function weigh(levels: Readonly<Record<ImportancePart, number | null>>): Importance {
  const parts = Object.entries(importanceWeights) as [ImportancePart, number][];
  const known = parts.filter(([part]) => levels[part] !== null);
  const weights = known.reduce((sum, [, weight]) => sum + weight, 0);
  const points = known.map(([part, weight]): [string, number] => [
    part,
    (100 * weight * levels[part]!) / weights,
  ]);
  return {
    importance: Math.min(
      points.reduce((sum, [, value]) => sum + value, 0),
      100,
    ),
    importanceParts: Object.fromEntries(points),
  };
}

function severityLevel(facts: GroupFacts, alerts: readonly PlacedAlert[]): number {
  let worst = 0;
  let sum = 0;
  for (const position of facts.alerts) {
    const weight = severityWeights[alerts[position]!.alert.severity];
    worst = Math.max(worst, weight);
    sum += weight;
  }
  return facts.alerts.length === 0 ? 0 : worstShare * worst + (1 - worstShare) * (sum / facts.alerts.length);
}

/** In [0, 1]; null when the graph says neither criticality nor tier. */
export function criticalityOf({ criticality, tier }: ServiceNode): number | null {
  if (criticality !== null) return criticality;
  return tier === null ? null : criticalityByTier[Math.max(0, Math.min(tier, criticalityByTier.length - 1))]!;
}

/** The largest number of users that a label names, on a logarithmic scale; null when no label does. */
function usersLevel(facts: GroupFacts, alerts: readonly PlacedAlert[]): number | null {
  let most: number | null = null;
  for (const position of facts.alerts) {
    const { labels } = alerts[position]!.alert;
    for (const label of userLabels) {
      const users = Object.hasOwn(labels, label) ? Number(labels[label]) : Number.NaN;
      if (Number.isFinite(users) && users >= 0) most = Math.max(most ?? 0, users);
    }
  }
  return most === null ? null : Math.min(Math.log10(1 + most) / mostUsersLog10, 1);
}

function noveltyLevel(facts: GroupFacts, alerts: readonly PlacedAlert[], history: AlertHistory): number {
  const fingerprints = new Set(facts.alerts.map((position) => alerts[position]!.alert.fingerprint));
  let sum = 0;
  for (const fingerprint of fingerprints) sum += 1 / (1 + (history.get(fingerprint) ?? 0));
  return fingerprints.size === 0 ? 0 : sum / fingerprints.size;
}

function persistenceLevel({ firstMs, lastMs, open, alerts }: GroupFacts): number {
  const minutes = Math.max(lastMs - firstMs, 0) / 60_000;
  const openShare = alerts.length === 0 ? 0 : open / alerts.length;
  return (1 - 2 ** (-minutes / persistenceHalfMinutes)) * (0.5 + 0.5 * openShare);
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value === null ? most : Math.max(most ?? 0, value)), null);
}
