import { seededRandom } from '../../contracts';
import { decodeModel, encodeModel } from '../../learn/binary';
import { fitTruncatedSvd, sparseFromRows } from '../../learn/decompose';
import type { RunControl } from '../../learn/run';

/** Columns that a name takes, whatever names there are. */
export const nameEmbeddingWidth = 8;
/** Places that words and pieces of words are hashed to (Weinberger et al. 2009). */
const buckets = 1024;
/** Names that the directions are learned from; more of them are no other language. */
const mostNames = 2_000;
const pieceLength = 3;
const longestName = 200;
/** A word says more of a name than a piece of one. */
const wordWeight = 2;
/** Passes of the directions; spectra of text fall fast enough for two. */
const powerIterations = 2;

/** Names of alerts as points, so that `HighLatency` and `HighLatencyP99` lie near each other. */
export interface NameEmbedding {
  /** Length `nameEmbeddingWidth`; zeros for a name without letters or digits. */
  embed(name: string): Float32Array;
  toBytes(): Uint8Array;
}

/**
 * Latent semantic analysis of the hashed words and word pieces of the distinct names.
 * @throws ABORTED.
 */
export async function fitNameEmbedding(
  names: Iterable<string>,
  seed: number,
  control?: RunControl,
): Promise<NameEmbedding> {
  const rows = chosen(names)
    .map(hashedTerms)
    .filter((terms) => terms.size > 0);
  const rarity = rarityOf(rows);
  const loadings = new Float32Array(buckets * nameEmbeddingWidth);
  if (rows.length > 0) {
    const weighted = rows.map((terms) => unit(terms, rarity));
    const { loadings: found } = await fitTruncatedSvd(
      sparseFromRows(weighted, buckets),
      { components: nameEmbeddingWidth, powerIterations },
      seededRandom(seed),
      control,
    );
    // Few names span fewer directions; the columns left over stay 0.
    for (let bucket = 0; bucket < buckets; bucket++) {
      loadings.set(
        found.values.subarray(bucket * found.d, (bucket + 1) * found.d),
        bucket * nameEmbeddingWidth,
      );
    }
  }
  return nameEmbedding(rarity, loadings);
}

const kind = 'alert_name_embedding';
const formatVersion = 1;

/** @throws MODEL_BYTES_INVALID. */
export function nameEmbeddingFromBytes(bytes: Uint8Array): NameEmbedding {
  const { arrays } = decodeModel(kind, formatVersion, bytes);
  return nameEmbedding(arrays['rarity'] as Float32Array, arrays['loadings'] as Float32Array);
}

function nameEmbedding(rarity: Float32Array, loadings: Float32Array): NameEmbedding {
  return {
    embed(name) {
      const place = new Float32Array(nameEmbeddingWidth);
      for (const [bucket, weight] of unit(hashedTerms(name), rarity)) {
        for (let column = 0; column < nameEmbeddingWidth; column++) {
          place[column]! += weight * loadings[bucket * nameEmbeddingWidth + column]!;
        }
      }
      return place;
    },
    toBytes: () => encodeModel(kind, formatVersion, { parameters: {}, arrays: { rarity, loadings } }),
  };
}

/** Distinct names in lexical order; of too many, those whose hashes come first, which is no choice by their letters. */
function chosen(names: Iterable<string>): string[] {
  const distinct = [...new Set(names)].sort();
  if (distinct.length <= mostNames) return distinct;
  return distinct
    .map((name) => ({ name, order: hash(name) }))
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
    .slice(0, mostNames)
    .map(({ name }) => name)
    .sort();
}

/** Signed counts by bucket; the sign keeps terms that meet in a bucket from adding up. */
function hashedTerms(name: string): Map<number, number> {
  const terms = new Map<number, number>();
  const add = (term: string, weight: number): void => {
    const hashed = hash(term);
    const bucket = hashed % buckets;
    terms.set(bucket, (terms.get(bucket) ?? 0) + (hashed & 0x80000000 ? -weight : weight));
  };
  const spaced = name
    .slice(0, longestName)
    .normalize('NFKC')
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .toLowerCase();
  for (const word of spaced.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    add(word, wordWeight);
    const padded = `<${word}>`;
    for (let start = 0; start + pieceLength <= padded.length; start++) {
      add(padded.slice(start, start + pieceLength), 1);
    }
  }
  return terms;
}

/** Smooth inverse document frequency of each bucket. */
function rarityOf(rows: readonly ReadonlyMap<number, number>[]): Float32Array {
  const holders = new Float64Array(buckets);
  for (const terms of rows) for (const bucket of terms.keys()) holders[bucket]!++;
  return Float32Array.from(holders, (count) => Math.log((1 + rows.length) / (1 + count)) + 1);
}

function unit(terms: ReadonlyMap<number, number>, rarity: Float32Array): Map<number, number> {
  const weighted = new Map<number, number>();
  let square = 0;
  for (const [bucket, count] of terms) {
    const weight = count * rarity[bucket]!;
    weighted.set(bucket, weight);
    square += weight * weight;
  }
  // Terms of opposite signs may cancel out altogether.
  if (square > 0) for (const [bucket, weight] of weighted) weighted.set(bucket, weight / Math.sqrt(square));
  return weighted;
}

/** FNV-1a with a final mix, so that the highest bit is as random as the lowest. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
