import { timestampMs, type LogEvent, type MetricPoint, type QuarantinedRow } from '../../contracts';
import type { IngestReceipt } from '../../contracts/ingestHttp';
import type { Platform } from '../../platform/platform';
import type { Decoded, MetricCandidate, ReceivedBatch, Refusal } from './batch';
import { checkLog, type LogBatch, type UntemplatedEvent } from './checkLog';
import { checkPoint, type TimeRange } from './checkPoint';
import { parseContext, type RawLogRecord } from './logParsing';
import { assignTemplates } from './templates';

/** Source of quarantined rows that ingestion set aside. */
export const ingestQuarantineSource = 'ingest';

/** Rows of one merge: large enough that its fixed cost does not count, small enough to hold in memory. */
const rowsPerMerge = 20_000;
/** Limit of storing one part; the warehouse's own retries fit in it. */
const storeLimitMs = 120_000;
/** Refused records that a receipt names; the others are in the quarantine. */
const refusedShown = 1_000;

export type BatchOutcome = Pick<IngestReceipt, 'records' | 'accepted' | 'rejected' | 'rejectedTotal'>;

/**
 * Checks what was decoded and merges it into the tables, part by part; what cannot be stored goes to the
 * quarantine. Doing it again stores nothing twice: keys are made from the batch and the places in it.
 */
export async function storeMetrics(
  platform: Platform,
  batch: Pick<ReceivedBatch, 'batchId' | 'arrivedAt' | 'shape'>,
  decoded: Iterable<Decoded<MetricCandidate>>,
  range: TimeRange,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const stamp = { batchId: batch.batchId, arrivedAt: batch.arrivedAt };
  return storeParts<MetricCandidate, MetricPoint>(platform, batch, 'metrics', decoded, signal, {
    check: (candidate) => checkPoint(candidate, stamp, range),
    store: (points, limit) => platform.warehouse.mergeMetricPoints(points, limit),
  });
}

export async function storeLogs(
  platform: Platform,
  batch: Pick<ReceivedBatch, 'batchId' | 'arrivedAt' | 'shape'>,
  decoded: Iterable<Decoded<RawLogRecord>>,
  range: TimeRange,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  const { batchId, arrivedAt } = batch;
  const context = parseContext(arrivedAt, platform.settings.INGEST_TIME_ZONE);
  const of: LogBatch = { batchId, arrivedAt, range, context };
  return storeParts<RawLogRecord, UntemplatedEvent>(platform, batch, 'logs', decoded, signal, {
    check: (raw, position) => checkLog(raw, position, of),
    store: async (events, limit) => {
      const ids = await assignTemplates(platform, events, limit);
      const rows = events.map((event, index): LogEvent => ({ ...event, templateId: ids[index]! }));
      await platform.warehouse.mergeLogEvents(rows, limit);
    },
  });
}

interface Steps<Candidate, Row> {
  check(candidate: Candidate, position: string): Row | Refusal;
  store(rows: readonly Row[], limit: AbortSignal): Promise<void>;
}

async function storeParts<Candidate, Row extends { readonly at: string }>(
  platform: Platform,
  batch: Pick<ReceivedBatch, 'batchId' | 'arrivedAt' | 'shape'>,
  kind: 'metrics' | 'logs',
  decoded: Iterable<Decoded<Candidate>>,
  signal: AbortSignal,
  steps: Steps<Candidate, Row>,
): Promise<BatchOutcome> {
  const rejected: { index: number; code: string; message: string }[] = [];
  const byCode = new Map<string, number>();
  const counts = { records: 0, accepted: 0, rejectedTotal: 0 };
  let rows: Row[] = [];
  let aside: QuarantinedRow[] = [];
  let newest = '';
  let last = -1;
  let within = 0;
  const flush = async (): Promise<void> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(storeLimitMs)]);
    await platform.warehouse.mergeQuarantined(aside, limit);
    if (rows.length > 0) await steps.store(rows, limit);
    counts.accepted += rows.length;
    rows = [];
    aside = [];
  };
  for (const entry of decoded) {
    counts.records++;
    // A record may hold several points: its place, and the place within it.
    within = entry.index === last ? within + 1 : 0;
    last = entry.index;
    const position = within === 0 ? String(entry.index) : `${entry.index}.${within}`;
    const checked = 'refusal' in entry ? entry.refusal : steps.check(entry.candidate, position);
    if (isRefusal(checked)) {
      counts.rejectedTotal++;
      byCode.set(checked.code, (byCode.get(checked.code) ?? 0) + 1);
      if (rejected.length < refusedShown) rejected.push({ index: entry.index, ...checked });
      aside.push({
        source: ingestQuarantineSource,
        key: `${batch.batchId}#${position}`,
        reasonCode: checked.code,
        detail: checked.message,
        rowJson: JSON.stringify({ kind, shape: batch.shape, index: entry.index, excerpt: entry.excerpt() }),
        at: batch.arrivedAt,
      });
    } else {
      rows.push(checked);
      if (checked.at > newest) newest = checked.at;
    }
    if (rows.length + aside.length >= rowsPerMerge) await flush();
  }
  await flush();
  platform.telemetry.metric('ingest.records', counts.accepted, { kind, shape: batch.shape });
  for (const [code, count] of byCode) platform.telemetry.metric('ingest.rejected', count, { kind, code });
  if (newest !== '') {
    const lagMs = timestampMs(batch.arrivedAt) - timestampMs(newest);
    platform.telemetry.metric('ingest.lag', lagMs, { kind, shape: batch.shape });
  }
  return { ...counts, rejected };
}

function isRefusal(value: object): value is Refusal {
  return 'code' in value;
}
