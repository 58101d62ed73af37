import { isDeepStrictEqual } from 'node:util';
import { isQuarterdeckError } from '../../contracts';
import { alertScope, ModelCache, type RegistryPlatform } from '../../registry';
import { featureColumns } from '../features';
import type { AlertModel } from './alertModel';
import { decodeAlertModel } from './alertModelFiles';

/** Scope of the one model of alerts there is. */
export const alertClusterScope = alertScope('clusters');

const caches = new WeakMap<RegistryPlatform['blobs'], ModelCache<AlertModel>>();

/**
 * The model that `current` points to, from memory while the pointer stands; an earlier one when that is damaged (see
 * `resolveModel`). Undefined when none was ever promoted, and, with a warning, when it reads other features than these:
 * after an update that changed them there is no model until the next training.
 * @param featureNames columns of the rows it will be asked about
 * @throws STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED when nothing was loaded before
 */
export async function currentAlertModel(
  platform: RegistryPlatform,
  signal: AbortSignal,
  featureNames: readonly string[] = featureColumns,
): Promise<AlertModel | undefined> {
  let cache = caches.get(platform.blobs);
  if (!cache) {
    cache = new ModelCache({ scopes: 1 });
    caches.set(platform.blobs, cache);
  }
  try {
    const { value } = await cache.get(
      platform,
      alertClusterScope,
      ({ version, files }) => decodeAlertModel(version, files),
      signal,
    );
    if (isDeepStrictEqual(value.metadata.feature_names, featureNames)) return value;
    platform.telemetry.log('warning', 'the model of alerts reads other features and is not used', {
      version: value.version,
    });
    return undefined;
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING')) return undefined;
    throw error;
  }
}
