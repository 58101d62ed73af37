import type { Random, ServiceGraph } from '../../contracts';
import type { AlertRule } from './alertRules';
import { oneOf, someOf } from './drawing';

/** What watches a node: its rules, and on how many instances. */
export interface Monitoring {
  readonly rules: readonly AlertRule[];
  /** Names of its instances; rules about instances fire for some of them. */
  readonly instances: readonly string[];
  /** Some nodes are hardly watched at all: a fault there shows only in what depends on them. */
  readonly blind: boolean;
}

const mostInstances = 8;
const ownRules = 5;
const generalRules = 3;
/** A rule set below this size is no technology of its own. */
const leastRules = 3;
/** Rules about any service whatever it runs on; the first technology that the rules have is taken. */
const generalTechnologies = ['http', 'host', 'host-and-hardware', 'kubernetes', 'prometheus-self-monitoring'];
/** Every service answers requests; stores are watched as what they are. */
const technologyOfType: Readonly<Record<string, string>> = {
  database: 'database',
  cache: 'cache',
  queue: 'queue',
};

export function planMonitoring(
  graph: ServiceGraph,
  rules: readonly AlertRule[],
  blindShare: number,
  random: Random,
): Monitoring[] {
  const byTechnology = new Map<string, AlertRule[]>();
  for (const rule of rules) {
    const known = byTechnology.get(rule.technology);
    if (known) known.push(rule);
    else byTechnology.set(rule.technology, [rule]);
  }
  const technologies = [...byTechnology.keys()].filter(
    (name) => byTechnology.get(name)!.length >= leastRules,
  );
  const general = generalTechnologies.flatMap((name) => byTechnology.get(name) ?? []);
  return graph.nodes.map((node) => {
    const wanted = technologyOfType[node.type ?? ''] ?? 'http';
    const technology =
      byTechnology.has(wanted) || technologies.length === 0 ? wanted : oneOf(technologies, random);
    const own = someOf(byTechnology.get(technology) ?? rules, ownRules, random);
    const more = someOf(
      general.filter((rule) => !own.includes(rule)),
      generalRules,
      random,
    );
    const count = 1 + random.integer(mostInstances);
    return {
      rules: [...own, ...more],
      instances: Array.from({ length: count }, (_, index) => `${node.id}-${index}`),
      blind: random.next() < blindShare,
    };
  });
}
