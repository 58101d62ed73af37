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
}

const components = 5;
const neighbors = 15;
/** A theme of fewer tickets in a quarter is not worth a name. */
const smallestCluster = 5;
/** Themes grow in number and in size with the tickets: the size grows with the root of their number. */
const clusterSizePerRoot = 0.25;
const minSamples = 5;

export function defaultRecipe(tickets: number): ClusteringRecipe {
  return {
    components,
    neighbors,
    minClusterSize: Math.max(smallestCluster, Math.round(clusterSizePerRoot * Math.sqrt(tickets))),
    minSamples,
    clusterSelectionMethod: 'eom',
    clusterSelectionEpsilon: 0,
  };
}
