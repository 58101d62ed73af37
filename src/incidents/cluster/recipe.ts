/** How tickets' embeddings become clusters. Everything follows from the number of tickets, never from a file. */
export interface ClusteringRecipe {
  /** Columns that UMAP reduces to: few enough for density to mean something. */
  readonly components: number;
  /** Neighbours of a ticket in UMAP's graph. */
  readonly neighbors: number;
  /** Fewest tickets that make a cluster. */
  readonly minClusterSize: number;
  /** Neighbours that make a ticket's surroundings dense; higher calls more tickets noise. */
  readonly minSamples: number;
  readonly clusterSelectionMethod: 'eom' | 'leaf';
  readonly clusterSelectionEpsilon: number;
  /** A cluster of a larger share than this means that nothing was told apart; noise of this share, too. */
  readonly largestShare: number;
}

const components = 5;
const neighbors = 15;
/** Fewer tickets than this are a coincidence, more than that are a theme however many there are. */
const clusterSizeRange = { least: 5, most: 100 };
/**
 * Among a few hundred tickets, five that share a phrase are the phrase and not a theme: a twentieth of them counts,
 * until ten do.
 */
const smallSets = { share: 0.05, most: 10 };
/** A theme holds about half a percent of a quarter's tickets or more: as many as a person can oversee. */
const clusterShare = 0.0045;
const minSamples = 5;
/** The gate refuses a version with half its tickets as noise; one theme of half the tickets helps as little. */
const largestShare = 0.5;

export function defaultRecipe(tickets: number): ClusteringRecipe {
  return {
    components,
    neighbors,
    minClusterSize: minClusterSize(tickets),
    minSamples,
    clusterSelectionMethod: 'eom',
    clusterSelectionEpsilon: 0,
    largestShare,
  };
}

function minClusterSize(tickets: number): number {
  const small = Math.min(smallSets.most, Math.round(smallSets.share * tickets));
  const size = Math.max(clusterSizeRange.least, small, Math.round(clusterShare * tickets));
  return Math.min(clusterSizeRange.most, size);
}
