import {
  manifestSchema,
  pointerSchema,
  QuarterdeckError,
  type Manifest,
  type ModelVersion,
  type Pointer,
} from '../contracts';
import type { Platform } from '../platform/platform';
import { readJson } from './jsonBlobs';
import {
  compareVersions,
  filePath,
  manifestFile,
  nameOfScope,
  pointerPath,
  promotionFile,
  withdrawalFile,
} from './paths';

/** What a scope holds: versions with a manifest, in order of time. */
export interface VersionEntry {
  readonly version: ModelVersion;
  /** It passed its gate: fallbacks may choose it unless it was withdrawn. */
  readonly promoted: boolean;
  readonly withdrawn: boolean;
}

type Reader = Pick<Platform, 'blobs'>;

/** Versions that exist (have a manifest), oldest first. */
export async function listVersions(
  platform: Reader,
  scope: string,
  signal: AbortSignal,
): Promise<VersionEntry[]> {
  const found = new Map<string, Set<string>>();
  for await (const { name } of platform.blobs.list(`${scope}/`, signal)) {
    const match = /^((?:\d{4}\/q[1-4]\/r|v)[1-9]\d*)\/(metadata\/.+)$/.exec(name.slice(scope.length + 1));
    if (!match) continue;
    const [, version, file] = match;
    const files = found.get(version!) ?? new Set();
    found.set(version!, files.add(file!));
  }
  return [...found]
    .filter(([, files]) => files.has(manifestFile))
    .map(([version, files]) => ({
      version,
      promoted: files.has(promotionFile),
      withdrawn: files.has(withdrawalFile),
    }))
    .sort((a, b) => compareVersions(a.version, b.version));
}

/** @throws MODEL_MISSING when the version has no manifest, MODEL_CORRUPT when that cannot be read. */
export async function readManifest(
  platform: Reader,
  scope: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<Manifest> {
  const name = filePath(scope, version, manifestFile);
  const found = await readJson(platform, name, manifestSchema, signal);
  if (!found) {
    throw new QuarterdeckError(
      'MODEL_MISSING',
      `${nameOfScope(scope)} has no version ${version}: there is no manifest`,
      {
        culprit: { blob: name },
      },
    );
  }
  if (found.value.scope !== scope || found.value.version !== version) {
    throw new QuarterdeckError('MODEL_CORRUPT', `${name} belongs to another version`, {
      culprit: { blob: name },
    });
  }
  return found.value;
}

/** @returns undefined when nothing was ever promoted. Throws MODEL_CORRUPT. */
export async function readPointer(
  platform: Reader,
  scope: string,
  signal: AbortSignal,
): Promise<{ pointer: Pointer; etag: string } | undefined> {
  const found = await readJson(platform, pointerPath(scope), pointerSchema, signal);
  return found && { pointer: found.value, etag: found.etag };
}
