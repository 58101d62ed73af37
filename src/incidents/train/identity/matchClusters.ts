import type { LabeledCluster, LabeledClusters, ModelVersion } from '../../../contracts';
import { cheapestAssignment } from '../../../learn/score';
import type { Overlap } from './overlap';
import { newStableId } from './stableId';

/**
 * Identity across versions: which cluster of the new version continues which of the previous one.
 *
 * Overlap of members decides, as in MONIC (Spiliopoulou et al., KDD 2006: survival, split, absorption by the share
 * of an old cluster found again) and in Greene et al. (ASONAM 2010: a one-to-one match of step communities); the
 * previous model predicts the new rows, so both clusterings speak of the same members. Where members say little
 * (the old model calls them noise), centroids that are each other's nearest and very close decide.
 */
export interface IdentityInput {
  readonly techCenter: string;
  readonly trainingKey: string;
  readonly version: ModelVersion;
  /** Centre of each new cluster in the embedding space. */
  readonly centroids: readonly ArrayLike<number>[];
  readonly previous: PreviousVersion | undefined;
}

export interface PreviousVersion {
  readonly version: ModelVersion;
  readonly clusters: readonly Pick<
    LabeledCluster,
    'cluster' | 'stableId' | 'topic' | 'centroid' | 'lineage'
  >[];
  /** Ids that must not be given again, beside those of the clusters. */
  readonly deaths: LabeledClusters['deaths'];
  /** Columns are in the order of `clusters`. */
  readonly overlap: Overlap;
  /** Centroids of different embedding models cannot be compared. */
  readonly sameEmbeddingModel: boolean;
}

export interface Identity {
  readonly stableId: string;
  readonly lineage: LabeledCluster['lineage'];
}

/** MONIC's τ: a cluster is found again where at least half of it is. */
const survivalShare = 0.5;
/** MONIC's τ_split: a part of a split holds at least a quarter of the old cluster. */
const splitShare = 0.25;
/** Cosine from which two centroids that are each other's nearest are taken for the same theme. */
const sameCentroid = 0.9;
/** What the centroids count beside the members where both speak: a tie-breaker, not a vote. */
const centroidShare = 0.2;

/** @returns one identity per new cluster in their order, and the previous clusters that nothing continues. */
export function matchClusters(input: IdentityInput): {
  identities: Identity[];
  deaths: LabeledClusters['deaths'];
} {
  const { previous } = input;
  const links = previous ? findLinks(input.centroids, previous) : [];
  const oldOfNew = strongestPairs(links, input.centroids.length, previous?.clusters.length ?? 0);
  const keeperOfOld = new Map<number, number>();
  oldOfNew.forEach((old, next) => {
    if (old >= 0) keeperOfOld.set(old, next);
  });

  const continued = new Set<number>(keeperOfOld.keys());
  const taken = new Set([
    ...(previous?.clusters ?? []).map((cluster) => cluster.stableId),
    ...(previous?.deaths ?? []).map((death) => death.stableId),
  ]);
  const identities = input.centroids.map((_, next): Identity => {
    const from = links.filter((link) => link.next === next).sort((a, b) => b.overlap - a.overlap);
    const old = oldOfNew[next] ?? -1;
    const lineageFrom = from.map((link) => ({
      stableId: previous!.clusters[link.old]!.stableId,
      overlap: link.overlap,
      centroidSimilarity: link.centroidSimilarity ?? 0,
    }));
    if (old < 0) {
      return {
        stableId: newStableId(
          { techCenter: input.techCenter, trainingKey: input.trainingKey, cluster: next },
          taken,
        ),
        lineage: { event: 'born', from: lineageFrom, firstVersion: input.version },
      };
    }
    const absorbed = from.filter((link) => link.old !== old && link.absorbed && !keeperOfOld.has(link.old));
    for (const link of absorbed) continued.add(link.old);
    const parts = links.filter((link) => link.old === old && link.next !== next && link.part);
    const parent = previous!.clusters[old]!;
    return {
      stableId: parent.stableId,
      lineage: {
        event: absorbed.length > 0 ? 'merged' : parts.length > 0 ? 'split' : 'kept',
        from: lineageFrom,
        firstVersion: parent.lineage.firstVersion,
      },
    };
  });

  const deaths = (previous?.clusters ?? [])
    .filter((_, old) => !continued.has(old))
    .map(({ stableId, topic }) => ({ stableId, topic, lastVersion: previous!.version }));
  return { identities, deaths };
}

interface Link {
  readonly next: number;
  readonly old: number;
  /** Jaccard index of the members. */
  readonly overlap: number;
  readonly centroidSimilarity: number | undefined;
  readonly affinity: number;
  /** The new cluster is a part of the old one. */
  readonly part: boolean;
  /** Most of the old cluster went into the new one. */
  readonly absorbed: boolean;
}

/**
 * The one-to-one pairs of greatest total affinity: a greedy choice would let one early pair take the partner that
 * two others need.
 * @returns per new cluster the old one, or -1.
 */
function strongestPairs(links: readonly Link[], nextCount: number, oldCount: number): Int32Array {
  // A column for every new cluster that stays alone, so that rows never outnumber columns.
  const columns = oldCount + nextCount;
  const cost = new Float64Array(nextCount * columns);
  for (const link of links) cost[link.next * columns + link.old] = -link.affinity;
  const linked = new Set(links.map((link) => link.next * columns + link.old));
  return cheapestAssignment(cost, nextCount, columns).map((old, next) =>
    linked.has(next * columns + old) ? old : -1,
  );
}

function findLinks(centroids: IdentityInput['centroids'], previous: PreviousVersion): Link[] {
  const { shared, nextTotals, previousTotals } = previous.overlap;
  const similarity = previous.sameEmbeddingModel
    ? centroids.map((centroid) => previous.clusters.map((cluster) => cosine(centroid, cluster.centroid)))
    : undefined;
  const nearestOld = similarity?.map((row) => row.indexOf(Math.max(...row)));
  const nearestNew = previous.clusters.map((_, old) => {
    const column = similarity?.map((row) => row[old]!) ?? [];
    return column.indexOf(Math.max(...column));
  });
  const links: Link[] = [];
  for (let next = 0; next < centroids.length; next++) {
    for (let old = 0; old < previous.clusters.length; old++) {
      const both = shared[next]![old]!;
      const union = nextTotals[next]! + previousTotals[old]! - both;
      const overlap = union > 0 ? both / union : 0;
      const shareOfOld = previousTotals[old]! > 0 ? both / previousTotals[old]! : 0;
      const shareOfNew = nextTotals[next]! > 0 ? both / nextTotals[next]! : 0;
      const centroidSimilarity = similarity?.[next]![old];
      const sameTheme =
        nearestOld?.[next] === old && nearestNew[old] === next && (centroidSimilarity ?? 0) >= sameCentroid;
      const absorbed = shareOfOld >= survivalShare;
      const part = shareOfNew >= survivalShare && shareOfOld >= splitShare;
      // Most of the new cluster comes from the old one, though it is little of it: an offspring, not a part.
      const offspring = shareOfNew >= survivalShare;
      if (!absorbed && !offspring && !sameTheme) continue;
      const affinity = (1 - centroidShare) * overlap + centroidShare * Math.max(0, centroidSimilarity ?? 0);
      links.push({ next, old, overlap, centroidSimilarity, affinity, part, absorbed });
    }
  }
  return links;
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < a.length; index++) {
    dot += a[index]! * b[index]!;
    squareA += a[index]! ** 2;
    squareB += b[index]! ** 2;
  }
  return squareA > 0 && squareB > 0 ? dot / Math.sqrt(squareA * squareB) : 0;
}
