import { seededRandom, type ServiceNode } from '../../contracts';
import {
  centralitiesOf,
  clusteringCoefficients,
  communitiesOf,
  coreNumbers,
  cutPoints,
  distancesFrom,
  hubsAndAuthorities,
  layersOf,
  reachableCounts,
  reverse,
  strongComponents,
  undirected,
  type Adjacency,
  type Communities,
} from '../../learn/graph';
import type { Matrix } from '../../learn/matrix';
import type { Task } from '../../learn/threads';
import { standingColumns } from './definitions';

/** Louvain visits nodes in a random order; one seed makes communities a matter of the graph alone. */
const communitySeed = 1;
const unknownCriticality = 0.5;
const unknownTier = 2;

type ServiceRating = Pick<ServiceNode, 'criticality' | 'tier'>;

interface StandingFeaturesInput {
  /** Along edges. */
  readonly upstream: Adjacency;
  /** Beside its nodes. */
  readonly ratings: readonly ServiceRating[];
}

/** @returns `nodes × standingColumns`, all finite. */
export function standingFeatures({ upstream, ratings }: StandingFeaturesInput): Matrix {
  const { n } = upstream;
  const downstream = reverse(upstream);
  const neighbors = undirected(upstream);
  const components = strongComponents(upstream);
  const { pageRank, betweenness, closeness } = centralitiesOf(upstream);
  const communities = communitiesOf(neighbors, seededRandom(communitySeed));
  const { depth, entries, roots } = layersOf(upstream, components);
  const { hubs, authorities } = hubsAndAuthorities(upstream);
  const { articulation, bridges } = cutPoints(neighbors);
  const columns: Readonly<Record<string, (node: number) => number>> = {
    degree_in: numbers(degrees(downstream), Math.log1p),
    degree_out: numbers(degrees(upstream), Math.log1p),
    pagerank: numbers(pageRank, (value) => value * n),
    betweenness: numbers(betweenness),
    closeness: numbers(closeness),
    clustering_coefficient: numbers(clusteringCoefficients(neighbors)),
    k_core: numbers(coreNumbers(neighbors)),
    community_share: numbers(communityShares(communities)),
    community_cohesion: numbers(communityCohesion(neighbors, communities)),
    depth: numbers(depth),
    distance_to_root: numbers(distancesFrom(downstream, roots)),
    distance_to_entry: numbers(distancesFrom(upstream, entries)),
    descendants: numbers(reachableCounts(upstream, components), Math.log1p),
    ancestors: numbers(reachableCounts(downstream), Math.log1p),
    criticality: (node) => ratings[node]!.criticality ?? unknownCriticality,
    tier: (node) => ratings[node]!.tier ?? unknownTier,
    hub_score: numbers(hubs, (value) => value * n),
    authority_score: numbers(authorities, (value) => value * n),
    articulation_point: numbers(articulation),
    bridge_incidence: numbers(bridges),
  };
  const d = standingColumns.length;
  const values = new Float32Array(n * d);
  standingColumns.forEach((name, column) => {
    const valueOf = columns[name]!;
    for (let node = 0; node < n; node++) values[node * d + column] = valueOf(node);
  });
  return { values, n, d };
}

/** For a worker thread: a graph of fifty thousand edges takes seconds. */
export const standingFeaturesTask: Task<StandingFeaturesInput, Matrix> = {
  module: __filename,
  name: 'standingFeatures',
  call: standingFeatures,
};

function numbers(
  values: ArrayLike<number>,
  turn: (value: number) => number = (value) => value,
): (node: number) => number {
  return (node) => turn(values[node]!);
}

function degrees({ n, offsets }: Adjacency): Int32Array {
  return Int32Array.from({ length: n }, (_, node) => offsets[node + 1]! - offsets[node]!);
}

function communityShares({ count, community }: Communities): Float64Array {
  const size = new Int32Array(count);
  for (const number of community) size[number]!++;
  return Float64Array.from(community, (number) => size[number]! / community.length);
}

/** Share of a node's neighbours within its own community; 1 for a node without neighbours. */
function communityCohesion({ n, offsets, targets }: Adjacency, { community }: Communities): Float64Array {
  return Float64Array.from({ length: n }, (_, node) => {
    const around = targets.subarray(offsets[node], offsets[node + 1]);
    if (around.length === 0) return 1;
    return around.filter((neighbor) => community[neighbor] === community[node]).length / around.length;
  });
}
