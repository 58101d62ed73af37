import type { Blobs } from '../../platform/blobs/blobs';
import { ModelCache, techCenterScope, type LoadedModel, type RegistryPlatform } from '../../registry';
import { decodeAnalysis, type Analysis } from './analysis';
import { decodeClusteringModel, type ClusteringModel } from './clusteringModel';

/** Models hold their training vectors: at most this many are kept at once. */
const modelsKept = 16;
const analysesKept = 64;

interface Caches {
  readonly models: ModelCache<ClusteringModel>;
  readonly analyses: ModelCache<Analysis>;
}

/** Lives as long as the platform's storage does. */
const caches = new WeakMap<Blobs, Caches>();

function cachesOf(blobs: Blobs): Caches {
  let found = caches.get(blobs);
  if (!found) {
    found = {
      models: new ModelCache({ scopes: modelsKept }),
      analyses: new ModelCache({ scopes: analysesKept }),
    };
    caches.set(blobs, found);
  }
  return found;
}

/**
 * The model that a tech centre's pointer names, or the one that stands in for it.
 * @throws MODEL_MISSING when no version can be used
 */
export function currentModel(
  platform: RegistryPlatform,
  techCenter: string,
  signal: AbortSignal,
): Promise<LoadedModel<ClusteringModel>> {
  return cachesOf(platform.blobs).models.get(
    platform,
    techCenterScope(techCenter),
    ({ files }) => decodeClusteringModel(files),
    signal,
  );
}

/**
 * What that model says about its clusters, without keeping the model itself in memory.
 * @throws MODEL_MISSING when no version can be used
 */
export function currentAnalysis(
  platform: RegistryPlatform,
  techCenter: string,
  signal: AbortSignal,
): Promise<LoadedModel<Analysis>> {
  return cachesOf(platform.blobs).analyses.get(
    platform,
    techCenterScope(techCenter),
    ({ files }) => decodeAnalysis(files),
    signal,
  );
}
