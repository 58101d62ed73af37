import {
  QuarterdeckError,
  seededRandom,
  type Random,
  type ServiceEdge,
  type ServiceGraph,
  type ServiceNode,
} from '../../contracts';
import { readServiceGraph } from '../graph/readServiceGraph';

/**
 * Service graphs as large companies have them: entries above services above databases, caches and queues. How many
 * dependents a component has is heavy-tailed (preferential attachment, Barabási and Albert, 1999), so some are hubs.
 */
export interface ServiceGraphOptions {
  /** At least 2. */
  readonly nodes: number;
  readonly seed: number;
  /** `layered` (default): calls go down through tiers. `scale-free`: any service may call any older one. */
  readonly shape?: 'layered' | 'scale-free';
  /** Mean dependencies of a service that has any. */
  readonly dependencies?: number;
}

const defaultDependencies = 3;
const words = [
  'account', 'address', 'audit', 'basket', 'billing', 'booking', 'campaign', 'catalog', 'checkout', 'claims', 'contract',
  'courier', 'credit', 'customer', 'delivery', 'discount', 'document', 'export', 'fraud', 'identity', 'import', 'inventory',
  'invoice', 'ledger', 'loyalty', 'mailer', 'media', 'notification', 'offer', 'order', 'partner', 'payment', 'pricing',
  'product', 'profile', 'quota', 'rating', 'refund', 'reporting', 'review', 'routing', 'schedule', 'search', 'session',
  'shipping', 'stock', 'subscription', 'support', 'tariff', 'ticket', 'tracking', 'voucher', 'wallet', 'warehouse',
] as const; // prettier-ignore
const teams = [
  'atlas',
  'birch',
  'comet',
  'delta',
  'ember',
  'fjord',
  'grove',
  'harbor',
  'indigo',
  'juniper',
] as const;

interface Layer {
  readonly share: number;
  readonly types: readonly string[];
}

const layers: readonly Layer[] = [
  { share: 0.06, types: ['gateway', 'web'] },
  { share: 0.24, types: ['service'] },
  { share: 0.3, types: ['service'] },
  { share: 0.2, types: ['service', 'worker'] },
  { share: 0.2, types: ['database', 'cache', 'queue', 'storage'] },
];

/** @throws PARAMETER_INVALID below two nodes. */
export function generateServiceGraph(options: ServiceGraphOptions): ServiceGraph {
  const { nodes: count, seed, shape = 'layered', dependencies = defaultDependencies } = options;
  if (!(Number.isInteger(count) && count >= 2)) {
    throw new QuarterdeckError('PARAMETER_INVALID', `nodes is ${count}, expected at least 2`, {
      culprit: { option: 'nodes' },
    });
  }
  const random = seededRandom(seed);
  const layerOf = layersOf(count);
  const nodes = layerOf.map((layer, index) => describe(index, layer, random));
  const edges =
    shape === 'layered'
      ? layeredEdges(nodes, layerOf, dependencies, random)
      : scaleFreeEdges(nodes, dependencies, random);
  return readServiceGraph({ nodes, edges }).graph;
}

function layersOf(count: number): number[] {
  const cuts = layers.reduce<number[]>((sums, { share }) => [...sums, (sums.at(-1) ?? 0) + share], []);
  return Array.from({ length: count }, (_, index) => {
    const place = (index + 0.5) / count;
    return Math.max(
      0,
      cuts.findIndex((cut) => place < cut),
    );
  });
}

function describe(index: number, layer: number, random: Random): ServiceNode {
  const types = layers[layer]!.types;
  const type = types[random.integer(types.length)]!;
  const word = words[index % words.length]!;
  const round = Math.floor(index / words.length);
  const id = `${word}-${type}${round === 0 ? '' : `-${round + 1}`}`;
  return {
    id,
    name: id,
    type,
    tier: layer,
    team: teams[random.integer(teams.length)]!,
    criticality:
      Math.round(100 * Math.max(0, (layer === 0 ? 0.9 : 0.6) - 0.1 * layer + 0.3 * (random.next() - 0.5))) /
      100,
    aliases: [],
  };
}

/** Each service calls some of the next layers, mostly the next one; what is called often is called more often. */
function layeredEdges(
  nodes: readonly ServiceNode[],
  layerOf: readonly number[],
  dependencies: number,
  random: Random,
): ServiceEdge[] {
  const byLayer = layers.map((_, layer) =>
    nodes.flatMap((_node, node) => (layerOf[node] === layer ? [node] : [])),
  );
  const popularity = byLayer.map((members) => new Popularity(members));
  const edges: ServiceEdge[] = [];
  const callers = new Int32Array(nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    const layer = layerOf[node]!;
    if (layer === layers.length - 1) continue;
    const wanted = 1 + poisson(dependencies - 1, random);
    const chosen = new Set<number>();
    for (let draw = 0; draw < wanted; draw++) {
      const skip = random.next() < 0.75 ? 1 : 2 + random.integer(2);
      const below = popularity[Math.min(layers.length - 1, layer + skip)]!;
      const target = below.draw(random);
      if (target !== undefined) chosen.add(target);
    }
    for (const target of chosen) {
      edges.push(edgeOf(nodes, node, target, random));
      callers[target]!++;
      popularity[layerOf[target]!]!.raise(target);
    }
  }
  // What nobody calls yet gets a caller, so that only the first layer holds entries.
  for (let node = 0; node < nodes.length; node++) {
    const above = byLayer[layerOf[node]! - 1];
    if (callers[node] !== 0 || above === undefined || above.length === 0) continue;
    edges.push(edgeOf(nodes, above[random.integer(above.length)]!, node, random));
  }
  return edges;
}

function scaleFreeEdges(nodes: readonly ServiceNode[], dependencies: number, random: Random): ServiceEdge[] {
  const popularity = new Popularity([nodes.length - 1]);
  const edges: ServiceEdge[] = [];
  for (let node = nodes.length - 2; node >= 0; node--) {
    const wanted = 1 + poisson(dependencies - 1, random);
    const chosen = new Set<number>();
    for (let draw = 0; draw < wanted; draw++) chosen.add(popularity.draw(random)!);
    for (const target of chosen) {
      edges.push(edgeOf(nodes, node, target, random));
      popularity.raise(target);
    }
    popularity.raise(node);
  }
  return edges;
}

function edgeOf(nodes: readonly ServiceNode[], source: number, target: number, random: Random): ServiceEdge {
  const kind =
    nodes[target]!.type === 'queue' ? 'publishes' : nodes[target]!.type === 'database' ? 'reads' : 'calls';
  return {
    source: nodes[source]!.id,
    target: nodes[target]!.id,
    kind,
    weight: Math.round(100 * (0.5 + random.next())) / 100,
  };
}

/** Draws members in proportion to how often they were raised, plus one. */
class Popularity {
  private readonly tickets: number[];

  constructor(members: readonly number[]) {
    this.tickets = [...members];
  }

  draw(random: Random): number | undefined {
    return this.tickets.length === 0 ? undefined : this.tickets[random.integer(this.tickets.length)];
  }

  raise(member: number): void {
    this.tickets.push(member);
  }
}

/** Knuth's method; means here are small. */
function poisson(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count++;
  return count;
}
