import { QuarterdeckError } from '../../contracts';

/** Names under which a graph's JSON holds what we need. */

/** Beyond these it is no service graph any more; everything in between is read in seconds. */
export const mostNodes = 100_000;
export const mostEdges = 1_000_000;
const longestText = 500;

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Text without surrounding blanks; numbers are text, too. Undefined for nothing and for what is no text. */
export function textField(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value).trim();
  return text === '' || text.length > longestText ? undefined : text;
}

/**
 * The lists of nodes and edges of a document: at its top, or below `graph`, `data` or `elements`.
 * @throws INPUT_INVALID naming what is missing, INPUT_TOO_LARGE
 */
export function graphLists(value: unknown): {
  readonly nodes: readonly unknown[];
  readonly edges: readonly unknown[];
} {
  if (!isRecord(value)) throw noGraph('', 'a service graph is a JSON object with nodes and edges');
  const inner = [value['graph'], value['data'], value['elements']].find(
    (candidate) => isRecord(candidate) && candidate['nodes'] !== undefined,
  );
  const document = value['nodes'] === undefined && isRecord(inner) ? inner : value;
  const nodes = document['nodes'] ?? document['services'];
  const edges = document['edges'] ?? document['links'] ?? document['dependencies'] ?? [];
  const nodeList = isRecord(nodes) ? Object.entries(nodes).map(byKey) : nodes;
  if (!Array.isArray(nodeList)) throw noGraph('nodes', 'nodes is missing or no list');
  if (!Array.isArray(edges)) throw noGraph('edges', 'edges is no list');
  if (nodeList.length > mostNodes) throw tooMany('nodes', nodeList.length, mostNodes);
  if (edges.length > mostEdges) throw tooMany('edges', edges.length, mostEdges);
  return { nodes: nodeList, edges };
}

function byKey([id, properties]: readonly [string, unknown]): unknown {
  return isRecord(properties) ? { id, ...properties } : { id };
}

function noGraph(field: string, message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field } });
}

function tooMany(field: string, count: number, most: number): QuarterdeckError {
  return new QuarterdeckError(
    'INPUT_TOO_LARGE',
    `the graph has ${count} ${field}, at most ${most} are read`,
    {
      culprit: { field },
    },
  );
}
