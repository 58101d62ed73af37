import {
  isQuarterdeckError,
  QuarterdeckError,
  type Manifest,
  type ModelVersion,
  type Pointer,
} from '../contracts';
import type { Platform } from '../platform/platform';
import { compareVersions, filePath, nameOfScope } from './paths';
import { sha256 } from './publish';
import { listVersions, readManifest, readPointer } from './versions';

/** A complete version, every file checked against the manifest's size and digest. */
export interface ResolvedModel {
  readonly scope: string;
  readonly version: ModelVersion;
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Set when it is not the version that the pointer names. */
  readonly fallback: Fallback | undefined;
}

export interface Fallback {
  /** What the pointer names; undefined when the pointer itself cannot be read. */
  readonly wanted: ModelVersion | undefined;
  readonly reason: string;
}

export type RegistryPlatform = Pick<Platform, 'blobs' | 'telemetry' | 'clock' | 'newId'>;

const downloadsAtOnce = 4;

/**
 * The model that the scope's pointer names. When one of its files is missing or differs from the manifest: the
 * previous version, then every earlier one that passed its gate and was not withdrawn, newest first; the answer
 * and the metric `model.fallback` say so.
 *
 * @throws MODEL_MISSING when nothing was promoted or no version is whole; STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED.
 */
export async function resolveModel(
  platform: RegistryPlatform,
  scope: string,
  signal: AbortSignal,
): Promise<ResolvedModel> {
  return (await resolveAndDecode(platform, scope, signal, () => undefined)).model;
}

/** As `resolveModel`; a version that `decode` refuses with a MODEL_* code counts as damaged. */
export async function resolveAndDecode<T>(
  platform: RegistryPlatform,
  scope: string,
  signal: AbortSignal,
  decode: (model: ResolvedModel) => T | Promise<T>,
): Promise<{ model: ResolvedModel; value: T; pointerEtag: string | undefined }> {
  const { pointer, etag, damage } = await pointerOrDamage(platform, scope, signal);
  const reasons = damage === undefined ? [] : [damage];
  for await (const version of candidates(platform, scope, pointer, signal)) {
    const fallback =
      version === pointer?.version ? undefined : { wanted: pointer?.version, reason: reasons.join(' | ') };
    try {
      const { manifest, files } = await readVersion(platform, scope, version, signal);
      const model: ResolvedModel = { scope, version, manifest, files, fallback };
      const value = await decode(model);
      if (fallback) report(platform, model);
      return { model, value, pointerEtag: etag };
    } catch (error) {
      if (!isDamage(error)) throw error;
      reasons.push(error.message);
    }
  }
  throw new QuarterdeckError(
    'MODEL_MISSING',
    `${nameOfScope(scope)} has no model that is whole: ${reasons.join(' | ')}`,
    {
      culprit: { blob: scope },
    },
  );
}

/** One version with all its files, checked. Throws MODEL_MISSING or MODEL_CORRUPT naming the blob. */
export async function readVersion(
  platform: Pick<Platform, 'blobs'>,
  scope: string,
  version: ModelVersion,
  signal: AbortSignal,
): Promise<{ manifest: Manifest; files: ReadonlyMap<string, Uint8Array> }> {
  const manifest = await readManifest(platform, scope, version, signal);
  const files = new Map<string, Uint8Array>();
  let next = 0;
  const reader = async (): Promise<void> => {
    while (next < manifest.files.length) {
      const { path, size, sha256: digest } = manifest.files[next++]!;
      const blob = filePath(scope, version, path);
      const bytes = await readWhole(platform, blob, signal);
      if (bytes.byteLength !== size || sha256(bytes) !== digest) {
        throw new QuarterdeckError('MODEL_CORRUPT', `${blob} differs from its manifest`, {
          culprit: { blob },
        });
      }
      files.set(path, bytes);
    }
  };
  await Promise.all(Array.from({ length: Math.min(downloadsAtOnce, manifest.files.length) }, reader));
  return { manifest, files };
}

async function readWhole(
  platform: Pick<Platform, 'blobs'>,
  blob: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  try {
    return (await platform.blobs.read(blob, signal)).bytes;
  } catch (error) {
    if (!isQuarterdeckError(error, 'BLOB_MISSING')) throw error;
    throw new QuarterdeckError('MODEL_CORRUPT', `${blob} is missing`, { culprit: { blob }, cause: error });
  }
}

async function pointerOrDamage(
  platform: Pick<Platform, 'blobs'>,
  scope: string,
  signal: AbortSignal,
): Promise<{ pointer?: Pointer; etag?: string; damage?: string }> {
  try {
    const found = await readPointer(platform, scope, signal);
    if (found) return found;
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { damage: error.message };
  }
  throw new QuarterdeckError(
    'MODEL_MISSING',
    `${nameOfScope(scope)} has no model yet: no version is promoted`,
    {
      culprit: { blob: scope },
    },
  );
}

/** Versions in the order in which they are tried; the listing is read only when the first two do not do. */
async function* candidates(
  platform: Pick<Platform, 'blobs'>,
  scope: string,
  pointer: Pointer | undefined,
  signal: AbortSignal,
): AsyncGenerator<ModelVersion> {
  const tried = new Set<ModelVersion>();
  for (const version of [pointer?.version, pointer?.previous]) {
    if (version && !tried.has(version)) {
      tried.add(version);
      yield version;
    }
  }
  const entries = await listVersions(platform, scope, signal);
  for (const { version, promoted, withdrawn } of entries.reverse()) {
    const later = pointer !== undefined && compareVersions(version, pointer.version) > 0;
    if (promoted && !withdrawn && !later && !tried.has(version)) yield version;
  }
}

/** The version itself is at fault, not the way to it. */
function isDamage(error: unknown): error is QuarterdeckError {
  return isQuarterdeckError(error) && error.code.startsWith('MODEL_');
}

function report(platform: RegistryPlatform, { scope, version, fallback }: ResolvedModel): void {
  const wanted = fallback?.wanted ?? 'unknown';
  platform.telemetry.metric('model.fallback', 1, { scope, wanted, used: version });
  platform.telemetry.log('warning', 'an earlier model version is used', {
    scope,
    wanted,
    used: version,
    reason: fallback?.reason ?? '',
  });
}
