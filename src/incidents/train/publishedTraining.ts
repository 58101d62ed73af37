import { isQuarterdeckError, type Manifest, type Quarter } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { listVersions, readManifest, techCenterScope, type VersionEntry } from '../../registry';

/** The version that an earlier attempt at the same training has published. */
export interface PublishedTraining {
  readonly entry: VersionEntry;
  readonly manifest: Manifest;
}

/** Newest first; undefined when the training was never finished. */
export async function findPublished(
  platform: Platform,
  techCenter: string,
  quarter: Quarter,
  trainingKey: string,
  signal: AbortSignal,
): Promise<PublishedTraining | undefined> {
  const scope = techCenterScope(techCenter);
  const prefix = `${quarter.year}/${quarter.quarter}/`;
  const entries = await listVersions(platform, scope, signal);
  for (const entry of entries.filter(({ version }) => version.startsWith(prefix)).reverse()) {
    try {
      const manifest = await readManifest(platform, scope, entry.version, signal);
      if (manifest.parameters['trainingKey'] === trainingKey) return { entry, manifest };
    } catch (error) {
      // A manifest that cannot be read is no version that could be promoted.
      if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
      platform.telemetry.exception(error, { scope, version: entry.version });
    }
  }
  return undefined;
}
