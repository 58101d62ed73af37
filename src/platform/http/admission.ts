import { QuarterdeckError } from '../../contracts';
import type { Platform } from '../platform';

/**
 * Back-pressure: how much one process takes in at a time. What is refused was never acknowledged; its sender keeps
 * it and asks again after a while.
 */
interface Load {
  bytes: number;
  batches: number;
  readonly queues: Map<string, QueueLength>;
}

interface QueueLength {
  length: number;
  readAtMs: number;
}

/** What a refused sender is told to wait. */
const retryAfterMs = 5_000;
/** The queue's length is asked for at most this often. */
const queueReadEveryMs = 10_000;

/** By settings: one process has one platform, and tests have one each. */
const loads = new WeakMap<Platform['settings'], Load>();

export interface Admission {
  /** Tells the size once it is known; nothing is refused any more. */
  resize(bytes: number): void;
  release(): void;
}

/**
 * @param queue where batches wait that are not worked through at once
 * @param announcedBytes what the request says it carries, or the most that it may carry
 * @throws INGEST_BUSY with the time to wait.
 */
export async function admit(
  platform: Platform,
  queue: string,
  announcedBytes: number,
  signal: AbortSignal,
): Promise<Admission> {
  const { settings, clock, telemetry } = platform;
  let load = loads.get(settings);
  if (!load) {
    load = { bytes: 0, batches: 0, queues: new Map() };
    loads.set(settings, load);
  }
  const held = load;
  const refuse = (reason: string, message: string): QuarterdeckError => {
    telemetry.metric('ingest.refused', 1, { reason });
    return new QuarterdeckError('INGEST_BUSY', message, { retryAfterMs });
  };
  // One batch alone is always taken, however large: it could never come otherwise.
  const alone = held.batches === 0;
  if (held.batches >= settings.INGEST_MAX_BATCHES_IN_FLIGHT) {
    throw refuse('batches', `${held.batches} batches are being taken in`);
  }
  if (!alone && held.bytes + announcedBytes > settings.INGEST_MAX_BYTES_IN_FLIGHT) {
    throw refuse('bytes', `batches of ${held.bytes} bytes are being taken in`);
  }
  let bytes = announcedBytes;
  held.bytes += bytes;
  held.batches++;
  let released = false;
  const admission: Admission = {
    resize(actual) {
      held.bytes += actual - bytes;
      bytes = actual;
    },
    release() {
      if (released) return;
      released = true;
      held.bytes -= bytes;
      held.batches--;
    },
  };
  try {
    const now = clock.monotonic();
    const waiting = held.queues.get(queue) ?? { length: 0, readAtMs: Number.NEGATIVE_INFINITY };
    held.queues.set(queue, waiting);
    if (now - waiting.readAtMs >= queueReadEveryMs) {
      waiting.readAtMs = now;
      waiting.length = await platform.queues.count(queue, signal);
    }
    if (waiting.length >= settings.INGEST_QUEUE_LIMIT) {
      throw refuse('queue', `${waiting.length} batches wait to be worked through`);
    }
  } catch (error) {
    admission.release();
    throw error;
  }
  return admission;
}
