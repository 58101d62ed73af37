import { QuarterdeckError } from '../../contracts';

export interface HdbscanOptions {
  /** Fewest rows of a cluster, at least 2. */
  readonly minClusterSize: number;
  /** Neighbours that make a dense point, the point itself not counted; `minClusterSize` when left out. */
  readonly minSamples?: number;
  /** `eom` (default): the clusters with the largest excess of mass. `leaf`: the leaves, smaller and even. */
  readonly clusterSelectionMethod?: 'eom' | 'leaf';
  /** Clusters closer than this are not split further; 0 (default) splits all. */
  readonly clusterSelectionEpsilon?: number;
  /** Whether all the data may be one cluster. */
  readonly allowSingleCluster?: boolean;
  /**
   * Which of several equal edges of the spanning tree comes first. `row` (default): as in the Python package,
   * by the order of rows. `distance`: the one between nearer rows, so that the order of rows does not matter.
   */
  readonly ties?: 'row' | 'distance';
}

export type CompleteHdbscanOptions = Required<HdbscanOptions>;

/** Fills in defaults. @throws PARAMETER_INVALID naming the option. */
export function completeOptions(options: HdbscanOptions): CompleteHdbscanOptions {
  const complete: CompleteHdbscanOptions = {
    minClusterSize: options.minClusterSize,
    minSamples: options.minSamples ?? options.minClusterSize,
    clusterSelectionMethod: options.clusterSelectionMethod ?? 'eom',
    clusterSelectionEpsilon: options.clusterSelectionEpsilon ?? 0,
    allowSingleCluster: options.allowSingleCluster ?? false,
    ties: options.ties ?? 'row',
  };
  const refuse = (option: keyof HdbscanOptions, wanted: string): never => {
    throw new QuarterdeckError('PARAMETER_INVALID', `${option} is ${String(complete[option])}, ${wanted}`, {
      culprit: { option },
    });
  };
  if (!Number.isInteger(complete.minClusterSize) || complete.minClusterSize < 2) {
    refuse('minClusterSize', 'a whole number from 2 up is needed');
  }
  if (!Number.isInteger(complete.minSamples) || complete.minSamples < 1) {
    refuse('minSamples', 'a whole number from 1 up is needed');
  }
  if (!['eom', 'leaf'].includes(complete.clusterSelectionMethod)) {
    refuse('clusterSelectionMethod', 'eom or leaf is needed');
  }
  if (!['row', 'distance'].includes(complete.ties)) refuse('ties', 'row or distance is needed');
  if (!Number.isFinite(complete.clusterSelectionEpsilon) || complete.clusterSelectionEpsilon < 0) {
    refuse('clusterSelectionEpsilon', 'a finite number from 0 up is needed');
  }
  return complete;
}
