import { timestampMs, type LogEvent, type MetricPoint, type QuarantinedRow } from '../../contracts';
import type { IngestReceipt } from '../../contracts/ingestHttp';
import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import type { Decoded, IngestKind, MetricCandidate, ReceivedBatch, Refusal } from './batch';
import { checkLog, type UntemplatedEvent } from './checkLog';
import { pointCheck, type TimeRange } from './checkPoint';
import { parseContext, type RawLogRecord } from './logParsing';
import { assignTemplates } from './templates';

/** Source of quarantined rows that ingestion set aside. */
export const ingestQuarantineSource = 'ingest';

/** Rows of one merge: large enough that its fixed cost does not count, small enough to hold in memory. */
const rowsPerMerge = 50_000;
/** Limit of storing one part; the warehouse's own retries fit in it. */
const storeLimitMs = 120_000;
/** Refused records that a receipt names; the others are in the quarantine. */
const refusedShown = 1_000;

export type BatchOutcome = Pick<IngestReceipt, 'records' | 'accepted' | 'rejected' | 'rejectedTotal'>;
type Stamp = Pick<ReceivedBatch, 'batchId' | 'arrivedAt' | 'shape'>;

/**
 * Checks what was decoded and merges it into the tables, part by part; what cannot be stored goes to the
 * quarantine. Doing it again stores nothing twice: keys are made from the batch and the places in it.
 */
export class BatchStore<Candidate> {
  private readonly rejected: { index: number; code: string; message: string }[] = [];
  private readonly byCode = new Map<string, number>();
  private readonly counts = { records: 0, accepted: 0, rejectedTotal: 0 };
  private rows: { readonly at: string }[] = [];
  private aside: QuarantinedRow[] = [];
  private newest = '';
  private last = -1;
  private within = 0;

  constructor(
    private readonly platform: Platform,
    private readonly batch: Stamp,
    private readonly steps: StoreSteps<Candidate>,
  ) {}

  /** Takes what one place of the batch holds. */
  add(entry: Decoded<Candidate>): void {
    this.counts.records++;
    // A record may hold several points: its place, and the place within it.
    this.within = entry.index === this.last ? this.within + 1 : 0;
    this.last = entry.index;
    const position = this.within === 0 ? String(entry.index) : `${entry.index}.${this.within}`;
    const checked = 'refusal' in entry ? entry.refusal : this.steps.check(entry.candidate, position);
    if (isRefusal(checked)) {
      this.setAside(entry, checked, position);
    } else {
      this.rows.push(checked);
      if (checked.at > this.newest) this.newest = checked.at;
    }
  }

  /** True when enough is held that it should be stored. */
  get full(): boolean {
    return this.rows.length + this.aside.length >= rowsPerMerge;
  }

  /** @throws what the warehouse throws; what was stored before stays. */
  async flush(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(storeLimitMs)]);
    await this.platform.warehouse.mergeQuarantined(this.aside, limit);
    if (this.rows.length > 0) await this.steps.store(this.rows, limit);
    this.counts.accepted += this.rows.length;
    this.rows = [];
    this.aside = [];
  }

  /** Of what was stored so far. */
  outcome(): BatchOutcome {
    return { ...this.counts, rejected: [...this.rejected] };
  }

  /** Tells telemetry of the whole batch, once. */
  report(): void {
    const { shape, arrivedAt } = this.batch;
    const { kind } = this.steps;
    this.platform.telemetry.metric('ingest.records', this.counts.accepted, { kind, shape });
    for (const [code, count] of this.byCode) {
      this.platform.telemetry.metric('ingest.rejected', count, { kind, code });
    }
    if (this.newest === '') return;
    const lagMs = timestampMs(arrivedAt) - timestampMs(this.newest);
    this.platform.telemetry.metric('ingest.lag', lagMs, { kind, shape });
  }

  private setAside(entry: Decoded<Candidate>, { code, message }: Refusal, position: string): void {
    const { batchId, arrivedAt, shape } = this.batch;
    this.counts.rejectedTotal++;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    if (this.rejected.length < refusedShown) this.rejected.push({ index: entry.index, code, message });
    this.aside.push({
      source: ingestQuarantineSource,
      key: `${batchId}#${position}`,
      reasonCode: code,
      detail: message,
      rowJson: JSON.stringify({
        kind: this.steps.kind,
        shape,
        index: entry.index,
        excerpt: redactSecrets(entry.excerpt()),
      }),
      at: arrivedAt,
    });
  }
}

interface StoreSteps<Candidate> {
  readonly kind: IngestKind;
  check(candidate: Candidate, position: string): { readonly at: string } | Refusal;
  store(rows: readonly { readonly at: string }[], limit: AbortSignal): Promise<void>;
}

export function metricStore(platform: Platform, batch: Stamp, range: TimeRange): BatchStore<MetricCandidate> {
  const check = pointCheck({ batchId: batch.batchId, arrivedAt: batch.arrivedAt }, range);
  return new BatchStore(platform, batch, {
    kind: 'metrics',
    check,
    // The rows are those that `check` made.
    store: (points, limit) => platform.warehouse.mergeMetricPoints(points as readonly MetricPoint[], limit),
  });
}

export function logStore(platform: Platform, batch: Stamp, range: TimeRange): BatchStore<RawLogRecord> {
  const { batchId, arrivedAt } = batch;
  const context = parseContext(arrivedAt, platform.settings.INGEST_TIME_ZONE);
  return new BatchStore(platform, batch, {
    kind: 'logs',
    check: (raw, position) => checkLog(raw, position, { batchId, arrivedAt, range, context }),
    store: async (rows, limit) => {
      // The rows are those that `check` made.
      const events = rows as readonly UntemplatedEvent[];
      const ids = await assignTemplates(platform, events, limit);
      await platform.warehouse.mergeLogEvents(
        events.map((event, index): LogEvent => ({ ...event, templateId: ids[index]! })),
        limit,
      );
    },
  });
}

/** Stores everything of a batch that is in memory. */
export async function storeAll<Candidate>(
  store: BatchStore<Candidate>,
  decoded: Iterable<Decoded<Candidate>>,
  signal: AbortSignal,
): Promise<BatchOutcome> {
  for (const entry of decoded) {
    store.add(entry);
    if (store.full) await store.flush(signal);
  }
  await store.flush(signal);
  store.report();
  return store.outcome();
}

function isRefusal(value: object): value is Refusal {
  return 'code' in value;
}
