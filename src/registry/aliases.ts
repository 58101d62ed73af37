import { z } from 'zod';
import {
  anomalyModelNameSchema,
  isQuarterdeckError,
  modelVersionSchema,
  QuarterdeckError,
  toTimestamp,
} from '../contracts';
import type { Platform } from '../platform/platform';
import { jsonBytes, readJson } from './jsonBlobs';
import { anomalyScope } from './paths';
import { readManifest } from './versions';

/**
 * Names that outlive versions: the model that answers, the one that is tried against it, and the one that answered
 * before. One blob for all three, replaced under its ETag, so that nobody ever sees half of a promotion.
 */
export const aliasesBlob = 'models/anomaly/aliases.json';

export const modelReferenceSchema = z.object({ model: anomalyModelNameSchema, version: modelVersionSchema });
export type ModelReference = z.infer<typeof modelReferenceSchema>;

export const aliasesSchema = z.object({
  champion: modelReferenceSchema.nullable(),
  challenger: modelReferenceSchema.nullable(),
  previous: modelReferenceSchema.nullable(),
  changedAt: z.string(),
  changedBy: z.string(),
  reason: z.string(),
});
export type Aliases = z.infer<typeof aliasesSchema>;
export type AliasName = 'champion' | 'challenger' | 'previous';

export interface AliasOrder {
  /** Who or what asked for it. */
  readonly by: string;
  readonly reason: string;
}

type AliasPlatform = Pick<Platform, 'blobs' | 'clock'>;
type Places = Pick<Aliases, AliasName>;

/** @returns undefined when no alias was ever set. Throws MODEL_CORRUPT. */
export async function readAliases(
  platform: Pick<Platform, 'blobs'>,
  signal: AbortSignal,
): Promise<{ aliases: Aliases; etag: string } | undefined> {
  const found = await readJson(platform, aliasesBlob, aliasesSchema, signal);
  return found && { aliases: found.value, etag: found.etag };
}

/**
 * Points `champion` or `challenger` at a version, or at nothing. A champion that is replaced becomes `previous`;
 * a version is never champion and challenger at once.
 * @throws MODEL_MISSING when the version does not exist, INPUT_INVALID when there would be no champion any more
 */
export async function setAlias(
  platform: AliasPlatform,
  alias: 'champion' | 'challenger',
  reference: ModelReference | null,
  order: AliasOrder,
  signal: AbortSignal,
): Promise<Aliases> {
  if (reference) await readManifest(platform, anomalyScope(reference.model), reference.version, signal);
  return change(platform, order, signal, (places) => {
    if (alias === 'challenger') {
      if (same(reference, places.champion)) {
        throw invalid('the champion cannot be its own challenger');
      }
      return { ...places, challenger: reference };
    }
    if (!reference) throw invalid('there is always a champion once there was one; set another instead');
    if (same(reference, places.champion)) return places;
    return {
      champion: reference,
      challenger: same(reference, places.challenger) ? null : places.challenger,
      previous: places.champion ?? places.previous,
    };
  });
}

/**
 * The challenger takes the champion's place; the champion becomes the challenger, and is `previous` too.
 * @param expected refuse when the challenger is another by now
 * @throws MODEL_MISSING when there is no challenger, PROMOTION_LOST when it is not the expected one
 */
export function promoteChallenger(
  platform: AliasPlatform,
  order: AliasOrder,
  signal: AbortSignal,
  expected?: ModelReference,
): Promise<Aliases> {
  return change(platform, order, signal, (places) => {
    // Somebody, or we before an answer got lost, did it already.
    if (expected && same(expected, places.champion)) return places;
    if (!places.challenger) throw missing('there is no challenger to promote');
    if (expected && !same(expected, places.challenger)) {
      throw new QuarterdeckError('PROMOTION_LOST', 'another version is challenger by now', {
        culprit: { blob: aliasesBlob },
      });
    }
    return { champion: places.challenger, challenger: places.champion, previous: places.champion };
  });
}

/**
 * Goes back to the champion before. The one that is left has no alias any more, so no request reaches it.
 * @throws MODEL_MISSING when there was none
 */
export function restorePreviousChampion(
  platform: AliasPlatform,
  order: AliasOrder,
  signal: AbortSignal,
): Promise<Aliases> {
  return change(platform, order, signal, (places) => {
    if (!places.previous) throw missing('there is no earlier champion to go back to');
    const challenger = same(places.challenger, places.previous) ? null : places.challenger;
    return { champion: places.previous, challenger, previous: null };
  });
}

/** Applies `move` to what is stored, again when somebody else was faster. */
async function change(
  platform: AliasPlatform,
  order: AliasOrder,
  signal: AbortSignal,
  move: (places: Places) => Places,
): Promise<Aliases> {
  for (;;) {
    const stored = await readAliases(platform, signal);
    const { champion, challenger, previous } = stored?.aliases ?? noAliases;
    const before: Places = { champion, challenger, previous };
    const after = move(before);
    if (stored && after === before) return stored.aliases;
    const aliases: Aliases = {
      ...after,
      changedAt: toTimestamp(platform.clock.now()),
      changedBy: order.by,
      reason: order.reason,
    };
    try {
      await platform.blobs.write(aliasesBlob, jsonBytes(aliases), {
        ...(stored ? { ifMatch: stored.etag } : { create: true }),
        contentType: 'application/json',
        signal,
      });
      return aliases;
    } catch (error) {
      if (!isQuarterdeckError(error, 'BLOB_EXISTS') && !isQuarterdeckError(error, 'BLOB_CHANGED'))
        throw error;
    }
  }
}

const noAliases: Places = { champion: null, challenger: null, previous: null };

export function sameReference(a: ModelReference | null, b: ModelReference | null): boolean {
  return a !== null && b !== null && a.model === b.model && a.version === b.version;
}
const same = sameReference;

function invalid(message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field: 'alias' } });
}

function missing(message: string): QuarterdeckError {
  return new QuarterdeckError('MODEL_MISSING', message, { culprit: { blob: aliasesBlob } });
}
