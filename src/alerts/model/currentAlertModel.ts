import { isQuarterdeckError } from '../../contracts';
import { alertScope, ModelCache, type RegistryPlatform } from '../../registry';
import type { AlertModel } from './alertModel';
import { decodeAlertModel } from './alertModelFiles';

/** Scope of the one model of alerts there is. */
export const alertClusterScope = alertScope('clusters');

const caches = new WeakMap<RegistryPlatform['blobs'], ModelCache<AlertModel>>();

/**
 * The model that `current` points to, from memory while the pointer stands; an earlier one when that is damaged (see
 * `resolveModel`), and undefined when none was ever promoted.
 * @throws STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED when nothing was loaded before
 */
export async function currentAlertModel(
  platform: RegistryPlatform,
  signal: AbortSignal,
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
    return value;
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING')) return undefined;
    throw error;
  }
}
