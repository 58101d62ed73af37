import {
  combineFirings,
  shiftTimestamp,
  timestampMs,
  type QuarantinedRow,
  type StoredAlert,
  type Timestamp,
} from '../../contracts';
import type { AlertReceipt } from '../../contracts/alertHttp';
import type { Platform } from '../../platform/platform';
import { redactSecrets } from '../../platform/redaction';
import type { CheckedAlert, Decoded, Refusal } from './candidate';
import { firingId } from './firingIds';
import { checkAlert, isRefusal, isUndated, webhookTimes, type CheckContext } from './checkAlert';
import { LocalTime } from './localTime';
import { pairFirings } from './pairFirings';

/** Source of quarantined rows that came as alerts. */
export const alertQuarantineSource = 'alerts';

/** Alerts of one merge: large enough that its fixed cost does not count, small enough to hold in memory. */
const rowsPerMerge = 10_000;
/** Limit of storing one part; the warehouse's own retries fit in it. */
const storeLimitMs = 120_000;
/** Refused records that a receipt names; the others are in the quarantine. */
const refusedShown = 1_000;
/** How far back a firing may have begun that a message without a start is about. */
export const pairingDays = 30;

/** How alerts of a webhook are read that arrived then. */
export function webhookContext(
  settings: Pick<Platform['settings'], 'ALERT_TIME_ZONE' | 'INGEST_MAX_FUTURE_MINUTES'>,
  arrivedAt: Timestamp,
): CheckContext {
  return {
    arrivedAt,
    local: new LocalTime(settings.ALERT_TIME_ZONE),
    ...webhookTimes(arrivedAt, settings.INGEST_MAX_FUTURE_MINUTES),
    happensNow: true,
  };
}

export type AlertOutcome = Omit<AlertReceipt, 'batchId' | 'shape' | 'status' | 'arrivedAt' | 'notes'>;

interface Batch {
  readonly batchId: string;
  readonly shape: string;
  readonly arrivedAt: Timestamp;
}

/**
 * Checks what was decoded and stores it, part by part; what is no alert goes to the quarantine. Doing it again stores
 * nothing twice.
 * @throws what the warehouse throws; what was stored before stays.
 */
export async function storeAlerts(
  platform: Platform,
  batch: Batch,
  entries: Iterable<Decoded>,
  signal: AbortSignal,
): Promise<AlertOutcome> {
  const store = new AlertStore(platform, batch);
  for (const entry of entries) {
    store.add(entry);
    if (store.full) await store.flush(signal);
  }
  await store.flush(signal);
  store.report();
  return store.outcome();
}

class AlertStore {
  private readonly context: CheckContext;
  private readonly counts = {
    records: 0,
    accepted: 0,
    ignored: 0,
    rejectedTotal: 0,
    timesWithoutZone: 0,
    unknownSeverities: 0,
    unknownStatuses: 0,
    labelsCut: 0,
  };
  private readonly rejected: { index: number; code: string; message: string }[] = [];
  private readonly byCode = new Map<string, number>();
  private rows: StoredAlert[] = [];
  /** Under ids of senders who may mean the rule. */
  private named: StoredAlert[] = [];
  /** Of senders that name neither the firing nor its start. */
  private messages: StoredAlert[] = [];
  /** Rows of either kind whose time is when they came. */
  private undated = new Set<StoredAlert>();
  private aside: QuarantinedRow[] = [];
  private newest = '';

  constructor(
    private readonly platform: Platform,
    private readonly batch: Batch,
  ) {
    this.context = webhookContext(platform.settings, batch.arrivedAt);
  }

  add(entry: Decoded): void {
    this.counts.records++;
    if ('ignored' in entry) {
      this.counts.ignored++;
      return;
    }
    if ('refusal' in entry) {
      this.setAside(entry, entry.refusal);
      return;
    }
    const checked = checkAlert(entry.candidate, this.context);
    if (isRefusal(checked)) this.setAside(entry, checked);
    else this.take(checked, isUndated(entry.candidate));
  }

  /** True when enough is held that it should be stored. */
  get full(): boolean {
    return this.rows.length + this.named.length + this.messages.length + this.aside.length >= rowsPerMerge;
  }

  async flush(signal: AbortSignal): Promise<void> {
    const { warehouse } = this.platform;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(storeLimitMs)]);
    await warehouse.mergeQuarantined(this.aside, limit);
    const { firings, messages } = await this.separated(limit);
    const paired = await this.paired([...this.messages, ...messages], limit);
    await warehouse.mergeAlerts([...this.rows, ...firings, ...paired], limit);
    this.counts.accepted += this.rows.length + this.named.length + this.messages.length;
    this.rows = [];
    this.named = [];
    this.messages = [];
    this.undated = new Set();
    this.aside = [];
  }

  /** Of what was stored so far. */
  outcome(): AlertOutcome {
    return { ...this.counts, rejected: [...this.rejected] };
  }

  /** Tells telemetry of the whole batch, once. */
  report(): void {
    const { shape, arrivedAt } = this.batch;
    const { telemetry } = this.platform;
    telemetry.metric('ingest.records', this.counts.accepted, { kind: 'alerts', shape });
    for (const [code, count] of this.byCode) {
      telemetry.metric('ingest.rejected', count, { kind: 'alerts', code });
    }
    if (this.newest === '') return;
    const lagMs = timestampMs(arrivedAt) - timestampMs(this.newest);
    telemetry.metric('ingest.lag', lagMs, { kind: 'alerts', shape });
  }

  private take({ alert, saidAt, startUnknown, idGiven, oddities }: CheckedAlert, undated: boolean): void {
    const { arrivedAt, batchId } = this.batch;
    const row: StoredAlert = { ...alert, saidAt, arrivedAt, batchId };
    if (startUnknown) this.messages.push(row);
    else if (idGiven && this.batch.shape === 'plain') this.named.push(row);
    else this.rows.push(row);
    if (undated) this.undated.add(row);
    this.counts.timesWithoutZone += oddities.zonelessTimes;
    this.counts.labelsCut += oddities.labelsCut;
    if (oddities.unknownSeverity !== undefined) this.counts.unknownSeverities++;
    if (oddities.unknownStatus !== undefined) this.counts.unknownStatuses++;
    if (saidAt > this.newest) this.newest = saidAt;
  }

  /**
   * Rows whose id belongs to another firing get one of their own. Where the row has no time either, nothing but its
   * condition tells which firing it is about: it is a message to be paired.
   */
  private async separated(
    signal: AbortSignal,
  ): Promise<{ readonly firings: readonly StoredAlert[]; readonly messages: readonly StoredAlert[] }> {
    if (this.named.length === 0) return { firings: [], messages: [] };
    const ids = [...new Set(this.named.map(({ id }) => id))];
    const known = await this.platform.warehouse.alertsByIds(ids, signal);
    const byId = new Map<string, StoredAlert>(known.map((alert) => [alert.id, alert]));
    const firings: StoredAlert[] = [];
    const messages: StoredAlert[] = [];
    for (const row of this.named) {
      const id = firingId((other) => byId.get(other), row);
      if (id !== row.id && this.undated.has(row)) {
        const message = { ...row, id: `${row.id}@${row.startsAt}` };
        this.undated.add(message);
        messages.push(message);
        continue;
      }
      const other = byId.get(id);
      const firing = { ...row, id };
      byId.set(id, other === undefined ? firing : combineFirings(other, firing));
      firings.push(firing);
    }
    return { firings, messages };
  }

  private async paired(
    messages: readonly StoredAlert[],
    signal: AbortSignal,
  ): Promise<readonly StoredAlert[]> {
    if (messages.length === 0) return [];
    const fingerprints = [...new Set(messages.map(({ fingerprint }) => fingerprint))];
    const earliest = messages.reduce(
      (least, { startsAt }) => (startsAt < least ? startsAt : least),
      this.batch.arrivedAt,
    );
    const from = shiftTimestamp(earliest, -pairingDays * 86_400_000);
    const known = await this.platform.warehouse.firingsOf({ fingerprints, from }, signal);
    return pairFirings(known, messages, this.undated);
  }

  private setAside(entry: Exclude<Decoded, { ignored: string }>, { code, message }: Refusal): void {
    const { batchId, arrivedAt, shape } = this.batch;
    this.counts.rejectedTotal++;
    this.byCode.set(code, (this.byCode.get(code) ?? 0) + 1);
    if (this.rejected.length < refusedShown) this.rejected.push({ index: entry.index, code, message });
    this.aside.push({
      source: alertQuarantineSource,
      key: `${batchId}#${entry.index}`,
      reasonCode: code,
      detail: message,
      rowJson: JSON.stringify({ shape, index: entry.index, excerpt: redactSecrets(entry.excerpt()) }),
      at: arrivedAt,
    });
  }
}
