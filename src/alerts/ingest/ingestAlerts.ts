import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import {
  isQuarterdeckError,
  QuarterdeckError,
  timestampMs,
  toTimestamp,
  type Timestamp,
} from '../../contracts';
import type { AlertReceipt, AlertShape } from '../../contracts/alertHttp';
import { alertIngestQueue } from '../../contracts/queues';
import { parseJson } from '../../platform/http/json';
import type { Platform } from '../../platform/platform';
import { claimBatch, readBatchState, writeBatchState, type AlertBatchState } from './batchState';
import { decodeBody, detectAlertShape } from './decodeBody';
import type { DecodedBody } from './decode/shapeDecoder';
import { storeAlerts } from './storeAlerts';
import { repetitionMs, standingOf } from './standing';

export interface IncomingAlerts {
  /** As received, without the transport's encoding. */
  readonly body: Uint8Array;
  /** How it is written, where the sender says so. */
  readonly format?: AlertShape;
  /** Name of the sending system, in place of the shape's own. */
  readonly source?: string;
  /** What the sender calls the batch; without it the same content within an hour is the same batch, if it is dated. */
  readonly key?: string;
}

export interface IngestedAlerts {
  readonly receipt: AlertReceipt;
  /** The batch had been received before; this is the receipt of then. */
  readonly replayed: boolean;
}

export const alertBatchMessageSchema = z.strictObject({ batchId: z.string().regex(/^b-[0-9a-f]{32}$/) });
export type AlertBatchMessage = z.infer<typeof alertBatchMessageSchema>;

const compress = promisify(gzip);
const inflate = promisify(gunzip);

/** Handing a batch to the queue must work after the time for storing it was used up. */
const handOverLimitMs = 20_000;
const batchIdDigits = 32;
/**
 * Senders repeat a lost answer within minutes, and what still fires every few hours in the same words: that is news,
 * and would change nothing if it were not. Words without any time are held apart by what they are about (`standingOf`).
 */
const sameContentMs = 3_600_000;

/**
 * Takes a body of alerts in: it is claimed by its id, stored as it came, and worked through into the tables, at once
 * when it is small, else by the queue. From the moment that the raw file is stored it is never lost: when storing its
 * rows fails, the queue tries again, and the receipt says `queued`. Sent again, whatever happened before, it ends in
 * the same rows (docs/decisions/0100).
 *
 * @throws INPUT_INVALID when the body as a whole cannot be read: then nothing is stored. BATCH_ID_REUSED;
 * STORAGE_UNAVAILABLE when the batch could not be made safe: then it was not received.
 */
export async function ingestAlerts(
  platform: Platform,
  incoming: IncomingAlerts,
  signal: AbortSignal,
): Promise<IngestedAlerts> {
  const value = parseJson(incoming.body);
  const shape = incoming.format ?? detectAlertShape(value);
  const decoded = decodeBody(shape, value, incoming.source);
  const state = await claim(platform, incoming, { shape, value }, signal);
  if (state.receipt) return { receipt: state.receipt, replayed: true };
  await storeRaw(platform, state, incoming.body, signal);
  if (incoming.body.length > platform.settings.INGEST_INLINE_BYTES) {
    return { receipt: await handOver(platform, state, decoded), replayed: false };
  }
  try {
    return { receipt: await work(platform, state, decoded, signal), replayed: false };
  } catch (error) {
    platform.telemetry.exception(error, { batchId: state.batchId });
    return { receipt: await handOver(platform, state, decoded), replayed: false };
  }
}

/**
 * Works a batch of the queue through into the tables, from its raw file. A batch that is done already is left alone.
 * @throws NOT_FOUND when nobody knows the batch; whatever reading and storing throw, so that the queue tries again.
 */
export async function workAlertBatch(
  platform: Platform,
  { batchId }: AlertBatchMessage,
  signal: AbortSignal,
): Promise<AlertReceipt> {
  const state = await readBatchState(platform, batchId, signal);
  if (!state) {
    throw new QuarterdeckError('NOT_FOUND', `there is no batch ${batchId} of alerts`, {
      culprit: { batchId },
    });
  }
  if (state.receipt) return state.receipt;
  const { bytes } = await platform.rawLogs.read(state.rawName, signal);
  const value = parseJson(await inflate(bytes));
  return work(platform, state, decodeBody(state.shape, value, state.source), signal);
}

async function work(
  platform: Platform,
  state: AlertBatchState,
  { entries, notes }: DecodedBody,
  signal: AbortSignal,
): Promise<AlertReceipt> {
  const outcome = await storeAlerts(platform, state, entries, signal);
  const receipt: AlertReceipt = { ...common(state), status: 'stored', ...outcome, notes: [...notes] };
  await writeBatchState(platform, { ...state, receipt }, {}, signal);
  return receipt;
}

/** The batch that the body is: a new one, or the one that it repeats. */
async function claim(
  platform: Platform,
  incoming: IncomingAlerts,
  { shape, value }: { readonly shape: AlertShape; readonly value: unknown },
  signal: AbortSignal,
): Promise<AlertBatchState> {
  const now = platform.clock.now();
  const { body, key, source } = incoming;
  const arrivedAt = toTimestamp(now);
  const digest = createHash('sha256').update(body).digest('hex');
  const named = (name: string): AlertBatchState => stateOf(incoming, { shape, digest, arrivedAt, name });
  if (key !== undefined) return claimBatch(platform, named(`key\n${key}`), signal);
  const content = `content\n${digest}\n${shape}\n${source ?? ''}`;
  const { entries } = decodeBody(shape, value, source);
  const standing = await standingOrNews(platform, entries, arrivedAt, signal);
  if (standing === undefined) {
    return claimBatch(platform, named(`${content}\n${Math.floor(now / sameContentMs)}`), signal);
  }
  const period = Math.floor(now / repetitionMs);
  const before = named(`${content}\n${standing}\n${period - 1}`);
  const known = await readBatchState(platform, before.batchId, signal);
  if (known && now - timestampMs(known.arrivedAt) < repetitionMs) return known;
  return claimBatch(platform, named(`${content}\n${standing}\n${period}`), signal);
}

/** While the tables cannot be asked, undated words are taken for news: taken in twice they change nothing. */
async function standingOrNews(
  platform: Platform,
  entries: DecodedBody['entries'],
  arrivedAt: Timestamp,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return await standingOf(platform, entries, arrivedAt, signal);
  } catch (error) {
    signal.throwIfAborted();
    platform.telemetry.exception(error, { arrivedAt });
    return `unknown\n${arrivedAt}`;
  }
}

function stateOf(
  { body, source }: IncomingAlerts,
  {
    shape,
    digest,
    arrivedAt,
    name,
  }: Pick<AlertBatchState, 'shape' | 'digest' | 'arrivedAt'> & { readonly name: string },
): AlertBatchState {
  const hash = createHash('sha256').update(`alerts\n${name}`).digest('hex').slice(0, batchIdDigits);
  const batchId = `b-${hash}`;
  const [day, hour] = [arrivedAt.slice(0, 10).replaceAll('-', '/'), arrivedAt.slice(11, 13)];
  return {
    batchId,
    shape,
    digest,
    arrivedAt,
    bytes: body.length,
    rawName: `${day}/${hour}/alerts-${batchId}.json.gz`,
    ...(source !== undefined && { source }),
  };
}

async function storeRaw(
  platform: Platform,
  { rawName, shape }: AlertBatchState,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  try {
    const bytes = await compress(body);
    await platform.rawLogs.write(rawName, bytes, { create: true, contentType: 'application/gzip', signal });
    platform.telemetry.metric('ingest.bytes', body.length, { kind: 'alerts', shape });
  } catch (error) {
    // An earlier try, or another sender of the same batch, has stored it.
    if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
  }
}

/** From here on the queue answers for the batch. */
async function handOver(
  platform: Platform,
  state: AlertBatchState,
  { notes }: DecodedBody,
): Promise<AlertReceipt> {
  const message: AlertBatchMessage = { batchId: state.batchId };
  await platform.queues.send(alertIngestQueue, [message], AbortSignal.timeout(handOverLimitMs));
  return {
    ...common(state),
    status: 'queued',
    records: 0,
    accepted: 0,
    ignored: 0,
    rejected: [],
    rejectedTotal: 0,
    timesWithoutZone: 0,
    unknownSeverities: 0,
    unknownStatuses: 0,
    labelsCut: 0,
    notes: [...notes],
  };
}

function common({
  batchId,
  shape,
  arrivedAt,
}: AlertBatchState): Pick<AlertReceipt, 'batchId' | 'shape' | 'arrivedAt'> {
  return { batchId, shape, arrivedAt };
}
