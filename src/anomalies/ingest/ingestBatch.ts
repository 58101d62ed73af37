import { createHash } from 'node:crypto';
import { isQuarterdeckError, toTimestamp } from '../../contracts';
import type { IngestReceipt } from '../../contracts/ingestHttp';
import { ingestQueue } from '../../contracts/queues';
import type { Platform } from '../../platform/platform';
import type { Decoded, IngestKind, ReceivedBatch, SourceShape } from './batch';
import { acceptedTimes } from './checkPoint';
import { decodeLogs, decodeMetrics } from './decodeBatch';
import { encodeRaw, rawName } from './rawParquet';
import { claimBatch, completeBatch, type BatchState } from './receipt';
import { logStore, metricStore, storeAll, type BatchOutcome } from './storeBatch';

export interface IncomingBatch {
  readonly kind: IngestKind;
  readonly shape: SourceShape;
  /** As received, without the transport's encoding. */
  readonly body: Uint8Array;
  /** What the sender calls the batch; without it, the same content is the same batch. */
  readonly key?: string;
  readonly instance?: string;
  readonly source?: string;
}

export interface Ingested {
  readonly receipt: IngestReceipt;
  /** The batch had been received before; this is the receipt of then. */
  readonly replayed: boolean;
}

export interface IngestMessage {
  readonly kind: IngestKind;
  readonly batchId: string;
}

/** Handing a batch to the queue must work after the time for storing it was used up. */
const handOverLimitMs = 20_000;
const batchIdDigits = 32;

/**
 * Takes a batch in: it is claimed by its id, stored as it was received, and worked through into the tables, at once
 * when it is small, else by the queue. From the moment that the raw file is stored it is never lost: when storing
 * its rows fails, the queue tries again, and the receipt says `queued`. Sent again, whatever happened before, it
 * ends in the same rows and the same receipt (docs/decisions/0077).
 *
 * @throws INPUT_INVALID and INPUT_UNSUPPORTED when the body as a whole cannot be read: then nothing is stored.
 * BATCH_ID_REUSED; STORAGE_UNAVAILABLE when the batch could not be made safe: then it was not received.
 */
export async function ingestBatch(
  platform: Platform,
  incoming: IncomingBatch,
  signal: AbortSignal,
): Promise<Ingested> {
  const digest = createHash('sha256').update(incoming.body).digest('hex');
  const received = describe(platform, incoming, digest);
  // Refuses here what cannot be read at all; what it costs is done again only for batches that wait.
  const decoded = decode(platform, received);
  const state = await claimBatch(platform, stateOf(received, digest), signal);
  if (state.receipt) return { receipt: state.receipt, replayed: true };
  const batch = { ...received, arrivedAt: state.arrivedAt };
  await storeRaw(platform, state, batch, signal);
  if (batch.body.length > platform.settings.INGEST_INLINE_BYTES) {
    return { receipt: await handOver(platform, state), replayed: false };
  }
  try {
    const outcome = await storeDecoded(platform, batch, decoded, signal);
    return { receipt: await complete(platform, state, outcome, signal), replayed: false };
  } catch (error) {
    platform.telemetry.exception(error, { batchId: state.batchId });
    return { receipt: await handOver(platform, state), replayed: false };
  }
}

/** Marks the batch as worked through. */
export async function complete(
  platform: Platform,
  state: BatchState,
  outcome: BatchOutcome,
  signal: AbortSignal,
): Promise<IngestReceipt> {
  const receipt: IngestReceipt = { ...common(state), status: 'stored', ...outcome };
  await completeBatch(platform, { ...state, receipt }, signal);
  return receipt;
}

/** Decodes the batch as far as its first record: what is wrong with the body as a whole is found there. */
export function decode(platform: Platform, batch: ReceivedBatch): DecodedBatch {
  const maximumBytes = platform.settings.INGEST_MAX_BODY_BYTES;
  return batch.kind === 'metrics'
    ? { kind: 'metrics', entries: begun(asFarAsReadable(decodeMetrics(batch, maximumBytes))) }
    : { kind: 'logs', entries: begun(asFarAsReadable(decodeLogs(batch, maximumBytes))) };
}

type DecodedBatch =
  | { readonly kind: 'metrics'; readonly entries: ReturnType<typeof decodeMetrics> }
  | { readonly kind: 'logs'; readonly entries: ReturnType<typeof decodeLogs> };

export async function storeDecoded(
  platform: Platform,
  batch: ReceivedBatch,
  decoded: DecodedBatch,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const range = acceptedTimes(batch.arrivedAt, {
    maximumAgeDays: platform.settings.INGEST_MAX_AGE_DAYS,
    maximumFutureMinutes: platform.settings.INGEST_MAX_FUTURE_MINUTES,
  });
  return decoded.kind === 'metrics'
    ? storeAll(metricStore(platform, batch, range), decoded.entries, signal)
    : storeAll(logStore(platform, batch, range), decoded.entries, signal);
}

/**
 * What stops being readable after its first record will not become so by trying again: the records before count, and
 * the place where it ends is refused like a record.
 */
export function* asFarAsReadable<T>(entries: Iterable<Decoded<T>>): Generator<Decoded<T>> {
  let next = 0;
  try {
    for (const entry of entries) {
      next = entry.index + 1;
      yield entry;
    }
  } catch (error) {
    if (next === 0 || !isQuarterdeckError(error) || error.retryable || error.status >= 500) throw error;
    const message = `from here on the batch cannot be read: ${error.message}`;
    yield { index: next, refusal: { code: 'RECORD_MALFORMED', message }, excerpt: () => '' };
  }
}

function begun<T>(entries: Iterable<T>): Iterable<T> {
  const iterator = entries[Symbol.iterator]();
  let first: IteratorResult<T> | undefined = iterator.next();
  return {
    [Symbol.iterator]: () => ({
      next() {
        const result = first ?? iterator.next();
        first = undefined;
        return result;
      },
    }),
  };
}

function describe(platform: Platform, incoming: IncomingBatch, digest: string): ReceivedBatch {
  const { kind, shape, body, key, instance, source } = incoming;
  // Defaults are part of what the batch says.
  const name = key === undefined ? `content\n${digest}\n${instance ?? ''}\n${source ?? ''}` : `key\n${key}`;
  const hash = createHash('sha256').update(`${kind}\n${name}`).digest('hex');
  return {
    kind,
    shape,
    body,
    instance,
    source,
    batchId: `b-${hash.slice(0, batchIdDigits)}`,
    arrivedAt: toTimestamp(platform.clock.now()),
  };
}

function stateOf(batch: ReceivedBatch, digest: string): BatchState {
  const { kind, shape, batchId, arrivedAt, instance, source } = batch;
  return {
    kind,
    shape,
    batchId,
    arrivedAt,
    digest,
    bytes: batch.body.length,
    rawName: rawName(kind, batchId, arrivedAt),
    ...(instance !== undefined && { instance }),
    ...(source !== undefined && { source }),
  };
}

async function storeRaw(
  platform: Platform,
  state: BatchState,
  batch: ReceivedBatch,
  signal: AbortSignal,
): Promise<void> {
  try {
    const bytes = encodeRaw(batch);
    await platform.rawLogs.write(state.rawName, bytes, { create: true, signal });
    platform.telemetry.metric('ingest.bytes', batch.body.length, { kind: batch.kind, shape: batch.shape });
  } catch (error) {
    // An earlier try, or another sender of the same batch, has stored it.
    if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
  }
}

/** From here on the queue answers for the batch. */
async function handOver(platform: Platform, state: BatchState): Promise<IngestReceipt> {
  const limit = AbortSignal.timeout(handOverLimitMs);
  const message: IngestMessage = { kind: state.kind, batchId: state.batchId };
  await platform.queues.send(ingestQueue, [message], limit);
  return {
    ...common(state),
    status: 'queued',
    records: 0,
    accepted: 0,
    rejected: [],
    rejectedTotal: 0,
  };
}

function common(state: BatchState): Pick<IngestReceipt, 'batchId' | 'kind' | 'shape' | 'arrivedAt'> {
  const { batchId, kind, shape, arrivedAt } = state;
  return { batchId, kind, shape, arrivedAt };
}
