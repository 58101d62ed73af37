import { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import { ingestReceiptSchema } from '../../contracts/ingestHttp';
import type { Platform } from '../../platform/platform';
import { ingestKinds, sourceShapes } from './batch';

/**
 * What is known of a batch, as one small blob: made before anything is stored, completed with the receipt. It makes
 * a repeated batch the same batch, with the same arrival, the same raw file and the same answer.
 */
const stateSchema = z.object({
  batchId: z.string(),
  kind: z.enum(ingestKinds),
  shape: z.enum(sourceShapes),
  /** SHA-256 of the body. */
  digest: z.string(),
  bytes: z.number().int(),
  arrivedAt: z.string(),
  rawName: z.string(),
  instance: z.string().optional(),
  source: z.string().optional(),
  receipt: ingestReceiptSchema.optional(),
});
export type BatchState = z.infer<typeof stateSchema>;

function stateName(kind: string, batchId: string): string {
  return `batches/${kind}/${batchId}.json`;
}

export async function readBatchState(
  platform: Pick<Platform, 'rawLogs'>,
  kind: string,
  batchId: string,
  signal: AbortSignal,
): Promise<BatchState | undefined> {
  const name = stateName(kind, batchId);
  try {
    const { bytes } = await platform.rawLogs.read(name, signal);
    return stateSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    if (isQuarterdeckError(error, 'BLOB_MISSING')) return undefined;
    throw error;
  }
}

/**
 * The state under which the batch is known from now on: the one given, or the one that is there already.
 * @throws BATCH_ID_REUSED when another body came under this id before.
 */
export async function claimBatch(
  platform: Pick<Platform, 'rawLogs'>,
  state: BatchState,
  signal: AbortSignal,
): Promise<BatchState> {
  const known = await readBatchState(platform, state.kind, state.batchId, signal);
  if (known) return sameBatch(known, state);
  try {
    await writeState(platform, state, { create: true }, signal);
    return state;
  } catch (error) {
    if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
    const winner = await readBatchState(platform, state.kind, state.batchId, signal);
    if (!winner) throw error;
    return sameBatch(winner, state);
  }
}

/** Whoever works through a batch arrives at the same receipt, so the last writer changes nothing. */
export async function completeBatch(
  platform: Pick<Platform, 'rawLogs'>,
  state: BatchState,
  signal: AbortSignal,
): Promise<void> {
  await writeState(platform, state, {}, signal);
}

async function writeState(
  platform: Pick<Platform, 'rawLogs'>,
  state: BatchState,
  options: { readonly create?: boolean },
  signal: AbortSignal,
): Promise<void> {
  await platform.rawLogs.write(
    stateName(state.kind, state.batchId),
    new TextEncoder().encode(JSON.stringify(state)),
    { ...options, contentType: 'application/json', signal },
  );
}

function sameBatch(known: BatchState, given: BatchState): BatchState {
  if (known.digest === given.digest) return known;
  throw new QuarterdeckError(
    'BATCH_ID_REUSED',
    `another body was received under this id at ${known.arrivedAt}; a new batch needs a new id`,
    { culprit: { batchId: known.batchId } },
  );
}
