import {
  seededRandom,
  toTimestamp,
  type Alert,
  type Random,
  type ServiceGraph,
  type Timestamp,
} from '../../contracts';
import { demoAlertRules, type AlertRule } from './alertRules';
import { between, exponential } from './drawing';
import { conditionOf, type Firing } from './firing';
import { generateServiceGraph } from './generateServiceGraph';
import { planMonitoring, type Monitoring } from './monitoring';
import { noiseFirings } from './noiseFirings';
import { pickRoot } from './pickRoot';
import { spreadFault, type Affected, type Neighbourhoods } from './spreadFault';
import { stormFirings, type Imperfections } from './stormFirings';
import { writeAlert } from './writeAlert';

/**
 * Alert storms with known answers: faults that spread from a root to what depends on it, with delays and decay; some
 * at the same time and through the same hub; badly watched nodes, missing, repeated and flapping alerts; and noise
 * that no fault caused. The same options give the same bytes.
 */
export interface StormOptions extends Partial<Imperfections> {
  readonly seed: number;
  /** A graph, or how large a one to make. */
  readonly graph?: ServiceGraph | { readonly nodes: number };
  readonly rules?: readonly AlertRule[];
  readonly storms?: number;
  /** When given, storms are added until this many alerts are there, and `storms` is not looked at. */
  readonly alerts?: number;
  /** Share of all alerts that no storm caused, from 0 to below 1. */
  readonly noiseShare?: number;
  readonly startAt?: Timestamp;
  /** Mean time from one storm to the next; by default the larger the graph the shorter. */
  readonly minutesBetweenStorms?: number;
  /**
   * Share of storms that begin within minutes of the one before, often through a hub that both reach; by default the
   * larger the graph the more, up to 0.1.
   */
  readonly concurrentShare?: number;
  /** Share of nodes that nothing watches during storms. */
  readonly blindShare?: number;
}

export const stormDefaults = {
  graph: { nodes: 200 },
  rules: demoAlertRules,
  storms: 12,
  noiseShare: 0.2,
  startAt: toTimestamp('2026-06-01T00:00:00Z'),
  blindShare: 0.05,
  missingShare: 0.1,
  duplicateShare: 0.08,
  flappingShare: 0.15,
  reminderShare: 0.35,
} as const;

export interface GeneratedStorm {
  readonly id: string;
  /** The node that the fault was injected into. */
  readonly root: string;
  readonly startsAt: Timestamp;
  /** In the order of their starts. */
  readonly alertIds: readonly string[];
}

export interface GeneratedStorms {
  readonly seed: number;
  readonly graph: ServiceGraph;
  /** In the order of their starts. */
  readonly alerts: readonly Alert[];
  readonly storms: readonly GeneratedStorm[];
  /** Alerts that no storm caused, by spell: one condition that fires once or again and again for a while. */
  readonly noise: readonly { readonly id: string; readonly alertIds: readonly string[] }[];
  /** Of each alert its storm, or storms.length + its spell. */
  readonly labels: Int32Array;
}

/** Among this many nodes every tenth storm meets another; in a small shop hardly any does. */
const nodesForMostConcurrency = 1000;
const mostConcurrentShare = 0.1;
/** A component fails about this often in the generator, in minutes; it sets how close storms are. */
const minutesBetweenFaultsOfNode = 40_000;
const closestStormsMinutes = 20;
const farthestStormsMinutes = 480;
const leadInMinutes = 60;
/** How long a storm keeps a node busy: no new root there meanwhile. */
const recoveryMinutes = 45;

/** Options without a default of their own. */
type Derived = 'graph' | 'alerts' | 'minutesBetweenStorms' | 'concurrentShare';

interface PlannedStorm {
  readonly root: number;
  readonly minute: number;
  readonly affected: readonly Affected[];
  readonly firings: readonly Firing[];
}

export function generateStorms(options: StormOptions): GeneratedStorms {
  const settings = { ...stormDefaults, ...options };
  const random = seededRandom(settings.seed);
  const graph =
    'edges' in settings.graph
      ? settings.graph
      : generateServiceGraph({ nodes: settings.graph.nodes, seed: settings.seed });
  const around = neighbourhoodsOf(graph);
  const monitoring = planMonitoring(graph, settings.rules, settings.blindShare, random.fork('monitoring'));
  const planned = planStorms(settings, around, monitoring, random.fork('storms'));
  const inStorms = planned.flatMap(({ firings }) => firings);
  const minutes = (planned.at(-1)?.minute ?? 0) + leadInMinutes;
  const noise = noiseFirings(
    {
      alerts: Math.round((inStorms.length * settings.noiseShare) / (1 - settings.noiseShare)),
      minutes,
      firstLabel: planned.length,
    },
    monitoring,
    random.fork('noise'),
  );
  return assemble(settings, graph, planned, [...inStorms, ...noise]);
}

function planStorms(
  settings: Required<Omit<StormOptions, Derived>> & Pick<StormOptions, Derived>,
  around: Neighbourhoods,
  monitoring: readonly Monitoring[],
  random: Random,
): PlannedStorm[] {
  const nodes = monitoring.length;
  const spacing =
    settings.minutesBetweenStorms ??
    Math.min(farthestStormsMinutes, Math.max(closestStormsMinutes, minutesBetweenFaultsOfNode / nodes));
  const concurrentShare =
    settings.concurrentShare ?? mostConcurrentShare * Math.min(1, nodes / nodesForMostConcurrency);
  const planned: PlannedStorm[] = [];
  const wantedFirings =
    settings.alerts === undefined ? Infinity : settings.alerts * (1 - settings.noiseShare);
  const wantedStorms = settings.alerts === undefined ? settings.storms : Infinity;
  const busyUntil = new Float64Array(nodes);
  let minute = leadInMinutes;
  let count = 0;
  for (let number = 0; planned.length < wantedStorms && count < wantedFirings; number++) {
    const own = random.fork(number);
    const before = planned.at(-1);
    const concurrent = before !== undefined && own.next() < concurrentShare;
    minute = concurrent
      ? before.minute + between(0, 8, own)
      : minute + closestStormsMinutes + exponential(Math.max(1, spacing - closestStormsMinutes), own);
    const down = (node: number): boolean => busyUntil[node]! > minute;
    const root = pickRoot(
      around,
      (node) => down(node) || monitoring[node]!.blind,
      concurrent ? before.affected : [],
      own,
    );
    if (root === undefined) continue;
    const affected = spreadFault({ root, minute, severity: between(0.6, 1, own) }, around, down, own);
    const firings = stormFirings(affected, monitoring, planned.length, settings, own);
    if (firings.length === 0) continue;
    for (const one of affected)
      busyUntil[one.node] = Math.max(busyUntil[one.node]!, one.minute + recoveryMinutes);
    planned.push({ root, minute, affected, firings });
    count += firings.length;
  }
  return planned;
}

/** Drops what is firing already, writes the rest down in the order of time, and keeps the labels. */
function assemble(
  { seed, startAt }: { readonly seed: number; readonly startAt: Timestamp },
  graph: ServiceGraph,
  planned: readonly PlannedStorm[],
  firings: readonly Firing[],
): GeneratedStorms {
  const ordered = [...firings].sort((a, b) => a.minute - b.minute || a.label - b.label);
  const latest = new Map<string, Firing>();
  const kept = ordered.filter((firing) => {
    const condition = conditionOf(firing);
    const before = latest.get(condition);
    if (firing.again !== null) return before?.label === firing.label;
    if (before !== undefined && before.endMinute > firing.minute) return false;
    latest.set(condition, firing);
    return true;
  });
  const present = [...new Set(kept.map(({ label }) => label))].sort((a, b) => a - b);
  const storms = present.filter((label) => label < planned.length);
  const renumbered = new Map(present.map((label, index) => [label, index]));
  const alerts = kept.map((firing, index) => writeAlert(firing, index, graph, { seed, startAt }));
  const labels = Int32Array.from(kept, ({ label }) => renumbered.get(label)!);
  const members = present.map((): string[] => []);
  const firstStart: Timestamp[] = [];
  labels.forEach((label, index) => {
    members[label]!.push(alerts[index]!.id);
    firstStart[label] ??= alerts[index]!.startsAt;
  });
  return {
    seed,
    graph,
    alerts,
    storms: storms.map((label, index) => ({
      id: `storm-${index + 1}`,
      root: graph.nodes[planned[label]!.root]!.id,
      startsAt: firstStart[index]!,
      alertIds: members[index]!,
    })),
    noise: present.slice(storms.length).map((_, index) => ({
      id: `noise-${index + 1}`,
      alertIds: members[storms.length + index]!,
    })),
    labels,
  };
}

function neighbourhoodsOf(graph: ServiceGraph): Neighbourhoods {
  const numberOf = new Map(graph.nodes.map(({ id }, index) => [id, index]));
  const dependents = graph.nodes.map((): { node: number; weight: number }[] => []);
  const dependencies = graph.nodes.map((): number[] => []);
  for (const { source, target, weight } of graph.edges) {
    const [from, to] = [numberOf.get(source)!, numberOf.get(target)!];
    dependents[to]!.push({ node: from, weight: Math.min(1, 0.5 + weight / 2) });
    dependencies[from]!.push(to);
  }
  return { dependents, dependencies };
}
