import { createHash } from 'node:crypto';
import {
  shiftTimestamp,
  timestampMs,
  toTimestamp,
  type PipelineRun,
  type Timestamp,
} from '../../../contracts';
import { finishRun, startRun } from '../../../platform/pipelineRun';
import type { Platform } from '../../../platform/platform';
import { ingestBatch } from '../ingestBatch';
import { moveCursor, readCursor, type Cursor } from './cursor';

const minuteMs = 60_000;

/**
 * Fetches what is new in one source and takes it in page by page. The cursor moves on when everything before it is
 * stored: after a failure the next pull begins where this one did. Each pull looks back over an overlap; records
 * that were stored before are known by their keys.
 * @returns the run, also one that failed
 */
export async function pullSource(
  platform: Platform,
  { source: name }: { readonly source: string },
  signal: AbortSignal,
): Promise<PipelineRun> {
  const run = startRun(platform, 'pull', name);
  const counts = { pages: 0, read: 0, stored: 0, quarantined: 0, queued: 0 };
  try {
    const source = platform.logSources.open(name);
    const cursor = await readCursor(platform, name, signal);
    const window = windowOf(platform, cursor);
    const seen = new Map<string, number>();
    for await (const records of source.pages(window.dates, signal)) {
      if (records.length === 0) continue;
      const body = ndjson(
        source.kind === 'logs' ? records.map((record) => identified(name, record, seen)) : records,
      );
      const { receipt } = await ingestBatch(
        platform,
        { kind: source.kind, shape: 'ndjson', body, source: name },
        signal,
      );
      counts.pages++;
      counts.read += records.length;
      counts.stored += receipt.accepted;
      counts.quarantined += receipt.rejectedTotal;
      if (receipt.status === 'queued') counts.queued += records.length;
    }
    const updatedAt = toTimestamp(platform.clock.now());
    const moved = await moveCursor(platform, name, cursor, { to: window.to, updatedAt }, signal);
    const lagMs = platform.clock.now() - timestampMs(window.to);
    platform.telemetry.metric('ingest.pull.behind', lagMs, { source: name });
    return await finishRun(
      platform,
      run,
      { counts, ...(!moved && { detail: 'another instance pulled meanwhile' }) },
      signal,
    );
  } catch (error) {
    // The next pull tries again; a message that failed would only add another try to it.
    return finishRun(platform, run, { counts, error }, signal);
  }
}

function windowOf(
  { clock, settings }: Platform,
  cursor: Cursor | undefined,
): { readonly to: Timestamp; readonly dates: { readonly from: Date; readonly to: Date } } {
  const now = toTimestamp(clock.now());
  const overlapMs = settings.PULL_OVERLAP_MINUTES * minuteMs;
  const begun = cursor?.to ?? shiftTimestamp(now, -settings.PULL_FIRST_MINUTES * minuteMs);
  const longest = shiftTimestamp(begun, settings.PULL_WINDOW_MINUTES * minuteMs);
  // A clock that went back leaves the cursor where it is.
  const to = now < begun ? begun : longest < now ? longest : now;
  const from = cursor ? shiftTimestamp(begun, -overlapMs) : begun;
  return { to, dates: { from: new Date(timestampMs(from)), to: new Date(timestampMs(to)) } };
}

function ndjson(records: readonly Record<string, unknown>[]): Uint8Array {
  return new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

/**
 * A record without a name of its own is known by its content; of several alike within a pull each counts. They share
 * their time, so that a later window holds all of them or none.
 */
function identified(
  source: string,
  record: Readonly<Record<string, unknown>>,
  seen: Map<string, number>,
): Record<string, unknown> {
  if (typeof record['record_id'] === 'string') return record;
  const digest = createHash('sha256')
    .update(`${source}\n${JSON.stringify(record)}`)
    .digest('hex')
    .slice(0, 32);
  const before = seen.get(digest) ?? 0;
  seen.set(digest, before + 1);
  return { ...record, record_id: `${digest}-${before}` };
}
