import { QuarterdeckError } from '../../contracts';
import { hdbscanFromBytes, type FittedHdbscan } from '../../learn/cluster';
import { umapFromBytes, type FittedUmap } from '../../learn/manifold';
import { decodeAnalysis, modelFile, type Analysis } from './analysis';

/** A version of a tech centre's clustering, ready to predict. */
export interface ClusteringModel extends Analysis {
  readonly reducer: FittedUmap;
  readonly clusterer: FittedHdbscan;
}

export const modelFiles = {
  clusterer: 'clustering/hdbscan_clusterer',
  reducer: 'clustering/umap_reducer',
} as const;

/**
 * @param files the version's files by path, their digests checked
 * @throws MODEL_CORRUPT or MODEL_BYTES_INVALID when a file is missing, damaged, or belongs to another fit
 */
export function decodeClusteringModel(files: ReadonlyMap<string, Uint8Array>): ClusteringModel {
  const analysis = decodeAnalysis(files);
  const reducer = umapFromBytes(modelFile(files, modelFiles.reducer));
  const clusterer = hdbscanFromBytes(modelFile(files, modelFiles.clusterer));
  const { clusters } = analysis.labeled;
  if (clusters.length !== clusterer.clusterCount) {
    throw new QuarterdeckError(
      'MODEL_CORRUPT',
      `${clusters.length} labelled clusters for a clusterer of ${clusterer.clusterCount}`,
      { culprit: { blob: modelFiles.clusterer } },
    );
  }
  return { ...analysis, reducer, clusterer };
}
