import { createHash } from 'node:crypto';
import { QuarterdeckError, type ServiceEdge, type ServiceGraph, type ServiceNode } from '../../contracts';
import { stronglyConnected } from './cycles';
import { Findings, type EdgeEnds, type ServiceGraphReport } from './graphReport';
import { NodeReader } from './readNodes';
import { graphLists, isRecord, textField } from './graphFields';

export interface ReadServiceGraph {
  readonly graph: ServiceGraph;
  readonly report: ServiceGraphReport;
}

const versionDigits = 24;

/**
 * Reads and checks a service graph: `nodes` (objects with id or name, type, tier, team, criticality, aliases; or plain
 * names; or an object by id) and `edges` or `links` (source, target, kind, weight; or from, to; or pairs), source
 * depending on target. What is odd is corrected and told; an empty graph is a graph.
 * @throws INPUT_INVALID when it is no graph at all or none of its nodes can be read, INPUT_TOO_LARGE.
 */
export function readServiceGraph(value: unknown): ReadServiceGraph {
  const { nodes: givenNodes, edges: givenEdges } = graphLists(value);
  const reader = new NodeReader();
  for (const [index, node] of givenNodes.entries()) reader.add(index, node);
  const nodes = reader.nodes();
  if (nodes.length === 0 && givenNodes.length > 0) {
    const [first] = reader.invalidNodes.first;
    throw new QuarterdeckError('INPUT_INVALID', `no node can be read; the first: ${first?.problem ?? ''}`, {
      culprit: { field: 'nodes' },
    });
  }
  const edges = readEdges(givenEdges, nodes, reader);
  const graph: ServiceGraph = { version: versionOf(nodes, edges.kept), nodes, edges: edges.kept };
  return {
    graph,
    report: {
      nodes: nodes.length,
      edges: edges.kept.length,
      danglingEdges: edges.dangling.take(),
      duplicateNodes: reader.duplicateNodes.take(),
      selfLoops: edges.selfLoops.take(),
      duplicateEdges: edges.duplicates.take(),
      cycles: cyclesOf(graph).take(),
      invalidNodes: reader.invalidNodes.take(),
      invalidEdges: edges.invalid.take(),
      invalidValues: reader.invalidValues.take(),
      endsByName: edges.byName,
      criticalityScale: reader.scale,
    },
  };
}

interface ReadEdges {
  readonly kept: readonly ServiceEdge[];
  readonly dangling: Findings<EdgeEnds>;
  readonly selfLoops: Findings<string>;
  readonly duplicates: Findings<EdgeEnds>;
  readonly invalid: Findings<{ readonly index: number; readonly problem: string }>;
  readonly byName: number;
}

function readEdges(
  given: readonly unknown[],
  nodes: readonly ServiceNode[],
  { invalidValues }: NodeReader,
): ReadEdges {
  const idOf = endLookup(nodes);
  const ids = new Set(nodes.map(({ id }) => id));
  const dangling = new Findings<EdgeEnds>();
  const selfLoops = new Findings<string>();
  const duplicates = new Findings<EdgeEnds>();
  const invalid = new Findings<{ readonly index: number; readonly problem: string }>();
  const byEnds = new Map<string, ServiceEdge>();
  let byName = 0;
  for (const [index, edge] of given.entries()) {
    const ends = endsOf(edge);
    if (ends === undefined) {
      invalid.add({ index, problem: 'an edge needs a source and a target' });
      continue;
    }
    const source = idOf(ends.source);
    const target = idOf(ends.target);
    if (source === undefined || target === undefined) {
      dangling.add(ends);
      continue;
    }
    byName += Number(!ids.has(ends.source)) + Number(!ids.has(ends.target));
    if (source === target) {
      selfLoops.add(source);
      continue;
    }
    const { kind, weight, problem } = propertiesOf(edge);
    if (problem !== undefined) invalidValues.add({ where: `${source} → ${target}`, problem });
    const key = JSON.stringify([source, target]);
    const known = byEnds.get(key);
    if (known) duplicates.add({ source, target });
    byEnds.set(key, {
      source,
      target,
      kind: known?.kind ?? kind,
      weight: Math.max(known?.weight ?? weight, weight),
    });
  }
  const kept = [...byEnds.values()].sort((a, b) => byText(a.source, b.source) || byText(a.target, b.target));
  return { kept, dangling, selfLoops, duplicates, invalid, byName };
}

/** By id; else by a name or alias that only one node has. */
function endLookup(nodes: readonly ServiceNode[]): (end: string) => string | undefined {
  const ids = new Map(nodes.map(({ id }) => [id, id]));
  const names = new Map<string, string | null>();
  for (const { id, name, aliases } of nodes) {
    for (const called of new Set([name, ...aliases])) {
      const known = names.get(called);
      names.set(called, known === undefined || known === id ? id : null);
    }
  }
  return (end) => ids.get(end) ?? names.get(end) ?? undefined;
}

function endsOf(edge: unknown): EdgeEnds | undefined {
  const [givenSource, givenTarget] = Array.isArray(edge)
    ? (edge as unknown[])
    : isRecord(edge)
      ? [edge['source'] ?? edge['from'] ?? edge['caller'], edge['target'] ?? edge['to'] ?? edge['callee']]
      : [];
  const source = endText(givenSource);
  const target = endText(givenTarget);
  return source === undefined || target === undefined ? undefined : { source, target };
}

/** Layouts of graph libraries put the whole node where its id was. */
function endText(end: unknown): string | undefined {
  return textField(isRecord(end) ? (end['id'] ?? end['name']) : end);
}

function propertiesOf(edge: unknown): { kind: string | null; weight: number; problem?: string } {
  if (!isRecord(edge)) return { kind: null, weight: 1 };
  const kind = textField(edge['kind'] ?? edge['type'] ?? edge['relation'] ?? edge['protocol']) ?? null;
  const given = edge['weight'];
  if (given === undefined || given === null || given === '') return { kind, weight: 1 };
  const weight = typeof given === 'string' ? Number(given) : given;
  return typeof weight === 'number' && Number.isFinite(weight) && weight > 0
    ? { kind, weight }
    : { kind, weight: 1, problem: 'a weight is a number above 0' };
}

function cyclesOf({ nodes, edges }: ServiceGraph): Findings<readonly string[]> {
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const targets: number[][] = nodes.map(() => []);
  for (const { source, target } of edges) targets[indexOf.get(source)!]!.push(indexOf.get(target)!);
  const cycles = new Findings<readonly string[]>();
  for (const component of stronglyConnected(targets)) cycles.add(component.map((index) => nodes[index]!.id));
  return cycles;
}

/** Nodes and edges are in lexical order already. */
function versionOf(nodes: readonly ServiceNode[], edges: readonly ServiceEdge[]): string {
  const hash = createHash('sha256');
  for (const { id, name, type, tier, team, criticality, aliases } of nodes) {
    hash.update(JSON.stringify([id, name, type, tier, team, criticality, aliases]));
  }
  hash.update('\n');
  for (const { source, target, kind, weight } of edges) {
    hash.update(JSON.stringify([source, target, kind, weight]));
  }
  return `g-${hash.digest('hex').slice(0, versionDigits)}`;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
