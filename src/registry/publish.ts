import { createHash } from 'node:crypto';
import {
  codeVersion,
  isQuarterdeckError,
  QuarterdeckError,
  toTimestamp,
  type Manifest,
  type ModelVersion,
} from '../contracts';
import type { Platform } from '../platform/platform';
import { jsonBytes } from './jsonBlobs';
import {
  checkFilePath,
  checkVersion,
  claimFile,
  filePath,
  isOwnFile,
  manifestFile,
  seriesPrefix,
  versionPath,
  type VersionSeries,
} from './paths';

export interface ModelFile {
  /** Relative to the version, e.g. `clustering/hdbscan_clusterer`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** With `year` and `quarter` the version is the next of that quarter, without both the next of all: v1, v2, v3 … */
export interface NewVersion extends VersionSeries {
  /** Blob prefix of the model family; see `techCenterScope`. */
  readonly scope: string;
  /** A function when the content names the version: it is asked once the number is taken. */
  readonly files: readonly ModelFile[] | ((version: ModelVersion) => readonly ModelFile[]);
  readonly parameters: Manifest['parameters'];
  readonly seed: number;
  readonly dataWindow: Manifest['dataWindow'];
  readonly metrics: Manifest['metrics'];
  readonly embeddingModel: string | null;
}

type PublishPlatform = Pick<Platform, 'blobs' | 'clock' | 'newId'>;

const uploadsAtOnce = 4;

/**
 * Writes one immutable version: takes the next free number, writes every file create-only, and the
 * manifest last. Until then the version does not exist for any reader, so a crash in between leaves only blobs
 * that nobody looks at; the next publish takes the next number.
 *
 * @throws INPUT_INVALID, STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED
 */
export async function publishVersion(
  platform: PublishPlatform,
  model: NewVersion,
  signal: AbortSignal,
): Promise<ModelVersion> {
  if (typeof model.files !== 'function') checkFiles(model.files);
  const version = await claimNumber(platform, model, signal);
  const files = typeof model.files === 'function' ? model.files(version) : model.files;
  checkFiles(files);
  let next = 0;
  const uploader = async (): Promise<void> => {
    while (next < files.length) {
      const { path, bytes } = files[next++]!;
      await platform.blobs.write(filePath(model.scope, version, path), bytes, { create: true, signal });
    }
  };
  await Promise.all(Array.from({ length: Math.min(uploadsAtOnce, files.length) }, uploader));
  const manifest: Manifest = {
    formatVersion: 1,
    scope: model.scope,
    version,
    createdAt: toTimestamp(platform.clock.now()),
    files: files.map(({ path, bytes }) => ({ path, size: bytes.byteLength, sha256: sha256(bytes) })),
    parameters: model.parameters,
    seed: model.seed,
    dataWindow: model.dataWindow,
    metrics: model.metrics,
    embeddingModel: model.embeddingModel,
    codeVersion,
  };
  await platform.blobs.write(filePath(model.scope, version, manifestFile), jsonBytes(manifest), {
    create: true,
    contentType: 'application/json',
    signal,
  });
  return version;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Takes the number after the highest that anybody ever took, finished or not. */
async function claimNumber(
  platform: PublishPlatform,
  { scope, ...series }: NewVersion,
  signal: AbortSignal,
): Promise<ModelVersion> {
  const numbered = seriesPrefix(series);
  const prefix = `${scope}/${numbered}`;
  let highest = 0;
  for await (const { name } of platform.blobs.list(prefix, signal)) {
    const number = /^(\d+)\//.exec(name.slice(prefix.length))?.[1];
    if (number !== undefined) highest = Math.max(highest, Number(number));
  }
  const claim = jsonBytes({ claimedBy: platform.newId(), claimedAt: toTimestamp(platform.clock.now()) });
  for (let number = highest + 1; ; number++) {
    const version = checkVersion(`${numbered}${number}`);
    try {
      await platform.blobs.write(`${versionPath(scope, version)}/${claimFile}`, claim, {
        create: true,
        contentType: 'application/json',
        signal,
      });
      return version;
    } catch (error) {
      if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
    }
  }
}

function checkFiles(files: readonly ModelFile[]): void {
  const seen = new Set<string>();
  for (const { path } of files) {
    checkFilePath(path);
    if (seen.has(path) || isOwnFile(path)) {
      throw new QuarterdeckError('INPUT_INVALID', `${path}: the name is taken`, {
        culprit: { field: 'path' },
      });
    }
    seen.add(path);
  }
  if (files.length === 0) throw new QuarterdeckError('INPUT_INVALID', 'a version has at least one file');
}
