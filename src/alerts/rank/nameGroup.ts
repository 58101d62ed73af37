import type { GraphIndex } from '../graph/graphIndex';
import type { PlacedAlert } from './facts';
import type { GroupFacts, NodeFacts } from './groupFacts';
import { criticalityOf } from './importance';
import { hopsDownstream } from './hopsDownstream';
import { inWords, shortened, symptomOf } from './symptomWords';

const longestService = 40;
const mostSymptoms = 2;

/**
 * A name from the group's own words, "checkout: latency after payment errors": where it is felt, what is felt, and
 * what likely came before it. The same group gets the same name.
 * @param cause node of the likeliest cause, undefined when no alert could be placed on the graph
 */
export function nameGroup(
  facts: GroupFacts,
  alerts: readonly PlacedAlert[],
  index: GraphIndex,
  cause: number | undefined,
): string {
  if (cause === undefined) return nameUnplaced(facts, alerts);
  const causeFacts = facts.nodes.find(({ node }) => node === cause);
  const felt = whereFelt(facts, index, cause);
  const causeName = serviceName(index, cause);
  if (!felt || felt.node === cause) {
    const symptoms = causeFacts ? symptomsOf(causeFacts, alerts) : ['trouble'];
    return `${causeName}: ${symptoms.join(' and ')}`;
  }
  const symptom = symptomsOf(felt, alerts)[0]!;
  const where = serviceName(index, felt.node);
  return causeFacts
    ? `${where}: ${symptom} after ${causeName} ${withoutArticle(symptomsOf(causeFacts, alerts)[0]!)}`
    : `${where}: ${symptom}, likely from ${causeName}`;
}

/** The affected service that matters most: by criticality, then the farthest from the cause, then the first. */
function whereFelt(facts: GroupFacts, index: GraphIndex, cause: number): NodeFacts | undefined {
  const hops = hopsDownstream(
    cause,
    facts.nodes.map(({ node }) => node),
    index,
  );
  return facts.nodes
    .filter(({ node }) => hops.has(node))
    .toSorted(
      (a, b) =>
        (criticalityOf(index.graph.nodes[b.node]!) ?? 0) - (criticalityOf(index.graph.nodes[a.node]!) ?? 0) ||
        hops.get(b.node)! - hops.get(a.node)! ||
        a.firstSeenMs - b.firstSeenMs ||
        a.node - b.node,
    )[0];
}

/** The worst alert's symptom first, then others in order of time. */
function symptomsOf({ alerts: positions, worst }: NodeFacts, alerts: readonly PlacedAlert[]): string[] {
  const symptoms = new Set([symptomOf(alerts[worst]!.alert.name)]);
  for (const position of positions) {
    if (symptoms.size >= mostSymptoms) break;
    symptoms.add(symptomOf(alerts[position]!.alert.name));
  }
  return [...symptoms];
}

function nameUnplaced(facts: GroupFacts, alerts: readonly PlacedAlert[]): string {
  const service = mostCommon(facts.alerts.map((position) => alerts[position]!.alert.service));
  const name = mostCommon(facts.alerts.map((position) => alerts[position]!.alert.name)) ?? '';
  if (service !== undefined) return `${readable(service, longestService)}: ${symptomOf(name)}`;
  const resources = new Set(facts.alerts.map((position) => alerts[position]!.alert.resource));
  resources.delete(null);
  const what = shortened(inWords(name), longestService) || 'alerts without a name';
  return resources.size > 1 ? `${what} on ${resources.size} resources` : what;
}

function mostCommon(values: readonly (string | null)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: string | undefined;
  for (const [value, count] of counts) {
    const most = best === undefined ? 0 : counts.get(best)!;
    if (count > most || (count === most && value < best!)) best = value;
  }
  return best;
}

export function serviceName({ graph }: GraphIndex, node: number): string {
  const { name, id } = graph.nodes[node]!;
  return readable(name === '' ? id : name, longestService);
}

/** Names come from outside: control characters would break a line or a table. */
function readable(text: string, most: number): string {
  return shortened(text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim(), most);
}

function withoutArticle(symptom: string): string {
  return symptom.replace(/^an? /, '');
}
