import { timestampMs, type DataQuality, type FeatureSet, type Timestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { readTrainingFeatures, type TrainingFeatures } from '../../features';
import { standingVerdicts } from '../../review/reviewing';
import { takeRows } from '../isolationBands';
import type { LearningRows } from '../learningSet';

/** Rows of a time window with what people said of them. */
export interface TrainingRows extends LearningRows {
  readonly set: FeatureSet;
  readonly instances: readonly string[];
  readonly minutes: Int32Array;
  readonly verdicts: Int8Array;
  readonly quality: DataQuality;
}

export interface Window {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/**
 * @param earlier features of the model that answers now
 * @throws DATA_EMPTY, DATA_QUALITY_LOW, WAREHOUSE_*, ABORTED
 */
export async function readTrainingRows(
  platform: Platform,
  window: Window,
  { batchId, earlier }: { readonly batchId: string; readonly earlier: FeatureSet | undefined },
  signal: AbortSignal,
): Promise<TrainingRows> {
  const read = await readTrainingFeatures(
    platform,
    { ...window, batchId, ...(earlier && { earlier }) },
    signal,
  );
  const verdicts = await verdictsOf(platform, window, read, signal);
  return {
    set: read.set,
    rows: read.matrix,
    features: read.set.names,
    instances: Array.from(read.instanceOf, (place) => read.instances[place]!),
    minutes: read.minutes,
    verdicts,
    quality: read.quality,
  };
}

async function verdictsOf(
  platform: Pick<Platform, 'warehouse'>,
  window: Window,
  { instances, instanceOf, minutes }: TrainingFeatures,
  signal: AbortSignal,
): Promise<Int8Array> {
  const said = new Map<string, 0 | 1>();
  for (const { instance, at, verdict } of await standingVerdicts(platform, window, signal)) {
    said.set(rowKey(instance, minuteOf(at)), verdict === 'anomaly' ? 1 : 0);
  }
  return Int8Array.from(
    minutes,
    (minute, row) => said.get(rowKey(instances[instanceOf[row]!]!, minute)) ?? -1,
  );
}

export function rowKey(instance: string, minute: number): string {
  return `${instance}\n${minute}`;
}

export function minuteOf(at: Timestamp): number {
  return Math.floor(timestampMs(at) / 60_000);
}

/**
 * Splits by time: what comes before `cut` is learned from, what comes `gapMinutes` after is held out. Rows between
 * share their windows with both sides and are left out.
 */
export function splitByTime(
  rows: TrainingRows,
  cut: number,
  gapMinutes: number,
): { readonly learn: TrainingRows; readonly heldOut: TrainingRows } {
  return {
    learn: rowsWhere(rows, (minute) => minute < cut),
    heldOut: rowsWhere(rows, (minute) => minute >= cut + gapMinutes),
  };
}

function rowsWhere(rows: TrainingRows, wanted: (minute: number) => boolean): TrainingRows {
  const kept = Int32Array.from(rows.minutes.keys()).filter((row) => wanted(rows.minutes[row]!));
  return {
    ...rows,
    rows: takeRows(rows.rows, kept),
    instances: Array.from(kept, (row) => rows.instances[row]!),
    minutes: Int32Array.from(kept, (row) => rows.minutes[row]!),
    verdicts: Int8Array.from(kept, (row) => rows.verdicts[row]!),
  };
}
