import { z } from 'zod';
import { isQuarterdeckError, type Manifest, type Quarter } from '../../contracts';
import type { Platform } from '../../platform/platform';
import {
  evaluateGate,
  listVersions,
  readManifest,
  techCenterScope,
  type GateResult,
  type VersionEntry,
} from '../../registry';

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

const storedChecksSchema = z.array(
  z.object({
    name: z.string(),
    value: z.number().nullable(),
    limit: z.number().nullable(),
    passed: z.boolean(),
    reason: z.string(),
  }),
);

/** The gate as it was evaluated when the version was trained; one that was not stored is not passed. */
export function storedGate(manifest: Manifest): GateResult {
  const stored = storedChecksSchema.safeParse(manifest.parameters['gate']);
  if (stored.success) return evaluateGate(stored.data);
  return evaluateGate([
    {
      name: 'recorded',
      value: null,
      limit: null,
      passed: false,
      reason: 'the manifest holds no checks of the gate',
    },
  ]);
}
