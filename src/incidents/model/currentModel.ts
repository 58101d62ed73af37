import type { ModelVersion } from '../../contracts';
import type { Blobs } from '../../platform/blobs/blobs';
import {
  ModelCache,
  readVersion,
  techCenterScope,
  type LoadedModel,
  type RegistryPlatform,
} from '../../registry';
import { decodeAnalysis, type Analysis } from './analysis';
import { decodeClusteringModel, type ClusteringModel } from './clusteringModel';

/** Models hold their training vectors: at most this many are kept at once. */
const modelsKept = 16;
const analysesKept = 64;

interface Caches {
  readonly models: ModelCache<ClusteringModel>;
  readonly analyses: ModelCache<Analysis>;
  /** By scope and version. */
  readonly versions: Map<string, LoadedModel<Analysis>>;
}

/** Lives as long as the platform's storage does. */
const caches = new WeakMap<Blobs, Caches>();

function cachesOf(blobs: Blobs): Caches {
  let found = caches.get(blobs);
  if (!found) {
    found = {
      models: new ModelCache({ scopes: modelsKept }),
      analyses: new ModelCache({ scopes: analysesKept }),
      versions: new Map(),
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

/**
 * What a named version says about its clusters. Versions never change, so each is read once.
 * @throws MODEL_MISSING, MODEL_CORRUPT
 */
export async function versionAnalysis(
  platform: RegistryPlatform,
  techCenter: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<LoadedModel<Analysis>> {
  const { versions } = cachesOf(platform.blobs);
  const scope = techCenterScope(techCenter);
  const key = `${scope}/${version}`;
  const known = versions.get(key);
  if (known) return known;
  const { manifest, files } = await readVersion(platform, scope, version, signal);
  const loaded = { version, manifest, value: decodeAnalysis(files), fallback: undefined };
  for (const oldest of versions.keys()) {
    if (versions.size < analysesKept) break;
    versions.delete(oldest);
  }
  versions.set(key, loaded);
  return loaded;
}
