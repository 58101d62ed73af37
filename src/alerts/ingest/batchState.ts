import { z } from 'zod';
import { isQuarterdeckError, QuarterdeckError } from '../../contracts';
import { alertReceiptSchema, alertShapeSchema } from '../../contracts/alertHttp';
import type { Platform } from '../../platform/platform';

/**
 * What is known of a batch of alerts, as one small blob: made before anything is stored, completed with the receipt.
 * A batch that comes again is the same batch, with the same arrival, the same raw file and the same answer.
 */
const stateSchema = z.object({
  batchId: z.string(),
  shape: alertShapeSchema,
  /** SHA-256 of the body. */
  digest: z.string(),
  bytes: z.number().int(),
  arrivedAt: z.string(),
  rawName: z.string(),
  source: z.string().optional(),
  receipt: alertReceiptSchema.optional(),
});
export type AlertBatchState = z.infer<typeof stateSchema>;

type RawStore = Pick<Platform, 'rawLogs'>;

function stateName(batchId: string): string {
  return `batches/alerts/${batchId}.json`;
}

/** @returns undefined when nobody knows the batch. */
export async function readBatchState(
  platform: RawStore,
  batchId: string,
  signal: AbortSignal,
): Promise<AlertBatchState | undefined> {
  try {
    const { bytes } = await platform.rawLogs.read(stateName(batchId), signal);
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
  platform: RawStore,
  state: AlertBatchState,
  signal: AbortSignal,
): Promise<AlertBatchState> {
  const known = await readBatchState(platform, state.batchId, signal);
  if (known) return sameBatch(known, state);
  try {
    await writeBatchState(platform, state, { create: true }, signal);
    return state;
  } catch (error) {
    if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
    const winner = await readBatchState(platform, state.batchId, signal);
    if (!winner) throw error;
    return sameBatch(winner, state);
  }
}

export async function writeBatchState(
  platform: RawStore,
  state: AlertBatchState,
  options: { readonly create?: boolean },
  signal: AbortSignal,
): Promise<void> {
  await platform.rawLogs.write(stateName(state.batchId), new TextEncoder().encode(JSON.stringify(state)), {
    ...options,
    contentType: 'application/json',
    signal,
  });
}

function sameBatch(known: AlertBatchState, given: AlertBatchState): AlertBatchState {
  if (known.digest === given.digest) return known;
  throw new QuarterdeckError(
    'BATCH_ID_REUSED',
    `another body was received under this id at ${known.arrivedAt}; a new batch needs a new id`,
    { culprit: { batchId: known.batchId } },
  );
}
