import { createHash } from 'node:crypto';
import { isQuarterdeckError, type Alert, type Timestamp } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import { decodeHistory, encodeHistory, type HistoryRow } from './historyFile';
import { nameColumns } from './nameColumns';

/**
 * Every alert that was grouped, with its features as they were then: what the weekly training learns from. Features
 * are kept and not computed again, so that a model is trained on the very numbers it will be asked about.
 */
export interface GroupedAlerts {
  /** Time up to which the run grouped: of two records of an alert the later counts. */
  readonly at: Timestamp;
  readonly alerts: readonly Alert[];
  /** Id of the node each alert was mapped to, null where to none. */
  readonly services: readonly (string | null)[];
  readonly features: { readonly names: readonly string[]; readonly rows: Matrix };
}

export const historyPrefix = 'alerts/history/';

/** `alerts/history/{yyyy}/{mm}/{dd}/{digest}.parquet`, by the day the alerts started. */
function historyName(day: string, bytes: Uint8Array): string {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  return `${historyPrefix}${day.replaceAll('-', '/')}/${digest}.parquet`;
}

/**
 * Keeps grouped alerts for training: a Parquet file per day of their start, named by its content and written once, so
 * that a run that is repeated writes nothing new.
 * @returns how many files were written, and how many were there already
 * @throws STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED, ABORTED
 */
export async function archiveAlerts(
  platform: Pick<Platform, 'blobs'>,
  { at, alerts, services, features }: GroupedAlerts,
  signal: AbortSignal,
): Promise<{ written: number; known: number }> {
  const rowsOf = new Map<string, HistoryRow[]>();
  alerts.forEach((alert, index) => {
    const day = alert.startsAt.slice(0, 10);
    const row = { alert, at, service: services[index]!, features: rowOf(features.rows, index) };
    const rows = rowsOf.get(day);
    if (rows) rows.push(row);
    else rowsOf.set(day, [row]);
  });
  let written = 0;
  let known = 0;
  for (const [day, rows] of rowsOf) {
    rows.sort((a, b) => (a.alert.id < b.alert.id ? -1 : 1));
    const bytes = encodeHistory(features.names, rows);
    try {
      await platform.blobs.write(historyName(day, bytes), bytes, { create: true, signal });
      written++;
    } catch (error) {
      if (!isQuarterdeckError(error, 'BLOB_EXISTS')) throw error;
      known++;
    }
  }
  return { written, known };
}

/** Alerts of the history, each once, ordered by start and id. */
export interface AlertHistory {
  readonly rows: readonly HistoryRow[];
  readonly featureNames: readonly string[];
  readonly counts: {
    readonly files: number;
    /** Files that cannot be read; they are told of and left out. */
    readonly damagedFiles: number;
    /** Alerts whose features have other names than the newest alert's: an earlier release computed them. */
    readonly otherFeatures: number;
    /** Records above `mostRows`, left out by the digest of their alert's id. */
    readonly notDrawn: number;
  };
  /** Of everything that is learned from: the same history has the same digest. */
  readonly digest: string;
}

export interface HistoryRequest {
  /** Alerts that started before; all when left out. */
  readonly before?: Timestamp;
  /** Above this many alerts, those with the lowest digests of their ids are taken: an even draw, the same each time. */
  readonly mostRows?: number;
}

/** Some 50 MB of features. */
const defaultMostRows = 200_000;

/** @throws STORAGE_UNAVAILABLE, CREDENTIAL_REJECTED, ABORTED */
export async function readAlertHistory(
  platform: Pick<Platform, 'blobs' | 'telemetry'>,
  { before, mostRows = defaultMostRows }: HistoryRequest,
  signal: AbortSignal,
): Promise<AlertHistory> {
  const collected = new DrawnRows(mostRows);
  let files = 0;
  let damagedFiles = 0;
  for await (const { name } of platform.blobs.list(historyPrefix, signal)) {
    if (before !== undefined && dayOf(name) > before.slice(0, 10)) break;
    files++;
    try {
      const { bytes } = await platform.blobs.read(name, signal);
      const { names, rows } = await decodeHistory(name, bytes);
      for (const row of rows) {
        if (before === undefined || row.alert.startsAt < before) collected.add(row, names);
      }
    } catch (error) {
      if (!isQuarterdeckError(error, 'FILE_MALFORMED')) throw error;
      damagedFiles++;
      platform.telemetry.exception(error, { blob: name });
    }
  }
  return { ...collected.finish(), counts: { ...collected.counts(), files, damagedFiles } };
}

function dayOf(name: string): string {
  return name.slice(historyPrefix.length, historyPrefix.length + 10).replaceAll('/', '-');
}

interface DrawnRow {
  readonly row: HistoryRow;
  readonly names: string;
  readonly rank: number;
}

/** Rows of different ids, of which those with the lowest ranks are kept. */
class DrawnRows {
  private readonly byId = new Map<string, DrawnRow>();
  private notDrawn = 0;
  private otherFeatures = 0;
  private highestRank = Infinity;

  constructor(private readonly most: number) {}

  add(row: HistoryRow, names: readonly string[]): void {
    const { id } = row.alert;
    const known = this.byId.get(id);
    if (known && known.row.at >= row.at) return;
    const rank = known?.rank ?? idDigest(id).readUIntBE(0, 6);
    if (rank >= this.highestRank) {
      this.notDrawn++;
      return;
    }
    this.byId.set(id, { row, rank, names: JSON.stringify(names) });
    if (this.byId.size >= 2 * this.most) this.prune();
  }

  finish(): Pick<AlertHistory, 'rows' | 'featureNames' | 'digest'> {
    this.prune();
    const drawn = [...this.byId.values()];
    const newest = drawn.reduce<DrawnRow | undefined>(
      (latest, other) => (latest && latest.row.at >= other.row.at ? latest : other),
      undefined,
    );
    const same = drawn.filter(({ names }) => names === newest?.names);
    this.otherFeatures = drawn.length - same.length;
    const rows = same
      .map(({ row }) => row)
      .sort((a, b) => compareText(a.alert.startsAt, b.alert.startsAt) || compareText(a.alert.id, b.alert.id));
    const featureNames = newest ? (JSON.parse(newest.names) as string[]) : [];
    return { rows, featureNames, digest: digestOf(rows, featureNames) };
  }

  counts(): Pick<AlertHistory['counts'], 'otherFeatures' | 'notDrawn'> {
    const { notDrawn, otherFeatures } = this;
    return { otherFeatures, notDrawn };
  }

  private prune(): void {
    if (this.byId.size <= this.most) return;
    const ranked = [...this.byId].sort(([, a], [, b]) => a.rank - b.rank);
    for (const [id] of ranked.slice(this.most)) this.byId.delete(id);
    this.notDrawn += ranked.length - this.most;
    this.highestRank = ranked[this.most]![1].rank;
  }
}

/** Of what is learned from: neither when an alert was grouped is part of it, nor what is computed again. */
function digestOf(rows: readonly HistoryRow[], featureNames: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(featureNames));
  const isName = nameColumns(featureNames).map((place) => place >= 0);
  for (const { alert, service, features } of rows) {
    hash.update(JSON.stringify([alert.id, alert.name, alert.severity, service ?? alert.service]));
    const learned = features.filter((_, column) => !isName[column]);
    hash.update(new Uint8Array(learned.buffer, learned.byteOffset, learned.byteLength));
  }
  return hash.digest('hex');
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An alert's place in every draw, decided by nothing but its id. */
export function idDigest(id: string): Buffer {
  return createHash('sha256').update(id).digest();
}
