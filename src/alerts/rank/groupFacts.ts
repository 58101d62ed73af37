import { timestampMs, type AlertSeverity } from '../../contracts';
import type { GroupedAlerts, PlacedAlert } from './facts';

/** One group, read once: its alerts, and per node what shows there. */
export interface GroupFacts {
  readonly group: number;
  /** Positions in the list of alerts, by start and then position. */
  readonly alerts: readonly number[];
  /** Nodes with alerts, by index. */
  readonly nodes: readonly NodeFacts[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** How many still last. */
  readonly open: number;
}

export interface NodeFacts {
  readonly node: number;
  /** Positions of its alerts, by start and then position. */
  readonly alerts: readonly number[];
  readonly firstSeenMs: number;
  /** Of its worst alert, above 0 up to 1. */
  readonly weight: number;
  /** Its worst alert, the earliest of equals. */
  readonly worst: number;
}

/** How much an alert of each severity says. `unknown` is taken for something between low and warning. */
export const severityWeights: Readonly<Record<AlertSeverity, number>> = {
  critical: 1,
  high: 0.8,
  warning: 0.5,
  low: 0.25,
  info: 0.1,
  unknown: 0.4,
};

/** Starts of all alerts in milliseconds, parsed once. */
export function startsOf(alerts: readonly PlacedAlert[]): Float64Array {
  return Float64Array.from(alerts, ({ alert }) => timestampMs(alert.startsAt));
}

export function readGroups(
  alerts: readonly PlacedAlert[],
  { group, groups }: GroupedAlerts,
  nowMs: number,
): GroupFacts[] {
  const starts = startsOf(alerts);
  const members: number[][] = Array.from({ length: groups }, () => []);
  for (let i = 0; i < alerts.length; i++) members[group[i]!]?.push(i);
  return members.map((positions, number) => {
    positions.sort((a, b) => starts[a]! - starts[b]! || a - b);
    return readGroup(number, positions, alerts, starts, nowMs);
  });
}

function readGroup(
  group: number,
  positions: readonly number[],
  alerts: readonly PlacedAlert[],
  starts: Float64Array,
  nowMs: number,
): GroupFacts {
  const byNode = new Map<number, number[]>();
  let lastMs = -Infinity;
  let open = 0;
  for (const position of positions) {
    const { alert, node } = alerts[position]!;
    if (alert.status !== 'resolved' && alert.endsAt === null) open++;
    const endMs = alert.endsAt === null ? starts[position]! : timestampMs(alert.endsAt);
    lastMs = Math.max(lastMs, endMs, starts[position]!);
    if (node < 0) continue;
    const known = byNode.get(node);
    if (known) known.push(position);
    else byNode.set(node, [position]);
  }
  const nodes = [...byNode]
    .map(([node, of]) => readNode(node, of, alerts, starts))
    .toSorted((a, b) => a.node - b.node);
  const firstMs = positions.length > 0 ? starts[positions[0]!]! : nowMs;
  return {
    group,
    alerts: positions,
    nodes,
    firstMs,
    lastMs: open > 0 ? Math.max(lastMs, nowMs) : lastMs,
    open,
  };
}

function readNode(
  node: number,
  positions: readonly number[],
  alerts: readonly PlacedAlert[],
  starts: Float64Array,
): NodeFacts {
  let worst = positions[0]!;
  for (const position of positions) {
    const weight = severityWeights[alerts[position]!.alert.severity];
    if (weight > severityWeights[alerts[worst]!.alert.severity]) worst = position;
  }
  return {
    node,
    alerts: positions,
    firstSeenMs: starts[positions[0]!]!,
    weight: severityWeights[alerts[worst]!.alert.severity],
    worst,
  };
}
