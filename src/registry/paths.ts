import { modelVersionSchema, QuarterdeckError, quarterSchema, type ModelVersion } from '../contracts';

/** Names of the registry's blobs. Whatever comes from outside is encoded or refused here. */

/** Blob names end at 1,024 characters; this leaves room for the version and the file. */
const longestSegment = 700;
/** First segments below `models/` that mean something else than a tech centre. */
const reserved = new Set(['anomaly', 'alerts']);

/**
 * Any text as one path segment, reversible by `decodeSegment`: everything but unreserved ASCII is
 * percent-encoded, and so are dots at the ends (`..`), a leading underscore (ours) and reserved words.
 * @throws INPUT_INVALID for empty text, lone surrogates, and what gets too long.
 */
export function encodeSegment(text: string): string {
  // A lone surrogate has no encoding.
  if (text === '' || /\p{Surrogate}/u.test(text)) {
    throw new QuarterdeckError('INPUT_INVALID', `cannot be part of a blob name: ${JSON.stringify(text)}`);
  }
  let encoded = encodeURIComponent(text)
    .replaceAll(/[!'()*~]/g, percent)
    .replaceAll(/^[._]|\.$/g, percent);
  if (reserved.has(encoded)) encoded = percent(encoded[0]!) + encoded.slice(1);
  if (encoded.length > longestSegment) {
    throw new QuarterdeckError('INPUT_INVALID', `too long for a blob name: ${text.slice(0, 40)}…`);
  }
  return encoded;
}

/** @throws INPUT_INVALID when `encodeSegment` cannot have made it. */
export function decodeSegment(segment: string): string {
  try {
    const text = decodeURIComponent(segment);
    if (encodeSegment(text) === segment) return text;
  } catch (error) {
    throw new QuarterdeckError('INPUT_INVALID', `not an encoded segment: ${segment}`, { cause: error });
  }
  throw new QuarterdeckError('INPUT_INVALID', `not an encoded segment: ${segment}`);
}

function percent(character: string): string {
  return `%${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** Scope of a tech centre's clustering models. */
export function techCenterScope(techCenter: string): string {
  return `models/${encodeSegment(techCenter)}`;
}

/** What people call the scope: the tech centre by its name. */
export function nameOfScope(scope: string): string {
  if (scope === embedderScope) return 'the local embedder';
  const [folder, segment, ...rest] = scope.split('/');
  return folder === 'models' && segment !== undefined && rest.length === 0 ? decodeSegment(segment) : scope;
}

/** Scope of the sentence embedder that is trained on this installation's own tickets. */
export const embedderScope = 'models/_embedding/local';

/** Scope of one model of anomalies, e.g. `xgboost_anomaly`. */
export function anomalyScope(name: string): string {
  return `models/anomaly/${encodeSegment(name)}`;
}

/** Scope of one model of alerts, e.g. `clusters`; its versions are numbered v1, v2, v3 … */
export function alertScope(name: string): string {
  return `models/alerts/${encodeSegment(name)}`;
}

export function pointerPath(scope: string): string {
  return `${scope}/current.json`;
}

export function versionPath(scope: string, version: ModelVersion): string {
  return `${scope}/${checkVersion(version)}`;
}

export function filePath(scope: string, version: ModelVersion, path: string): string {
  return `${versionPath(scope, version)}/${checkFilePath(path)}`;
}

export const manifestFile = 'metadata/training_metadata.json';
/** Written before anything else: takes the number. */
export const claimFile = 'metadata/claim.json';
/** Written before the pointer moves to the version: it passed its gate. */
export const promotionFile = 'metadata/promotion.json';
/** Written when the version was rolled back: no fallback may choose it. */
export const withdrawalFile = 'metadata/withdrawn.json';
const ownFiles = new Set([manifestFile, claimFile, promotionFile, withdrawalFile]);

/** @throws INPUT_INVALID */
export function checkVersion(version: string): ModelVersion {
  const parsed = modelVersionSchema.safeParse(version);
  if (parsed.success) return parsed.data;
  throw new QuarterdeckError('INPUT_INVALID', `not a model version: ${JSON.stringify(version)}`, {
    culprit: { field: 'version' },
  });
}

/** Where versions are counted: within a quarter, or through all time. */
export interface VersionSeries {
  readonly year?: number;
  readonly quarter?: string;
}

/** What stands before the number in the versions of a series, e.g. `2026/q3/r` or `v`. Throws INPUT_INVALID. */
export function seriesPrefix({ year, quarter }: VersionSeries): string {
  if (year === undefined && quarter === undefined) return 'v';
  const parsed = quarterSchema.safeParse({ year, quarter });
  if (parsed.success) return `${parsed.data.year}/${parsed.data.quarter}/r`;
  throw new QuarterdeckError('INPUT_INVALID', `not a quarter: ${JSON.stringify({ year, quarter })}`, {
    culprit: { field: 'quarter' },
  });
}

/** A file of a version, relative to it: plain segments only. Throws INPUT_INVALID. */
export function checkFilePath(path: string): string {
  if (
    /^[A-Za-z0-9_][\w-]*(?:\.[\w-]+)*(?:\/[A-Za-z0-9_][\w-]*(?:\.[\w-]+)*){0,5}$/.test(path) &&
    path.length < 200
  ) {
    return path;
  }
  throw new QuarterdeckError('INPUT_INVALID', `not a path of a model file: ${JSON.stringify(path)}`, {
    culprit: { field: 'path' },
  });
}

/** True for files that the registry itself writes. */
export function isOwnFile(path: string): boolean {
  return ownFiles.has(path);
}

/**
 * Order of versions in time: year, quarter, number. A scope holds versions of one kind; beside versions of quarters,
 * those that are counted through come first.
 */
export function compareVersions(a: ModelVersion, b: ModelVersion): number {
  const [yearA, quarterA, numberA] = parts(a);
  const [yearB, quarterB, numberB] = parts(b);
  return yearA - yearB || quarterA - quarterB || numberA - numberB;
}

function parts(version: ModelVersion): [year: number, quarter: number, number: number] {
  const [year, quarter, number] = checkVersion(version).split('/');
  if (quarter === undefined) return [0, 0, Number(version.slice(1))];
  return [Number(year), Number(quarter.slice(1)), Number(number!.slice(1))];
}
