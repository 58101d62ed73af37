import { shiftTimestamp, type Timestamp, type Watermark } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { preprocessQuarantineSource } from './quarantine';

/** Where a run starts to read: the watermark less the look-back; undefined without a watermark, which is everything. */
export function overlapStart(
  { PREPROCESS_OVERLAP_MINUTES: minutes }: Pick<Platform['settings'], 'PREPROCESS_OVERLAP_MINUTES'>,
  watermark: Watermark | undefined,
): Timestamp | undefined {
  return watermark && shiftTimestamp(watermark.lastProcessedTimestamp, -minutes * 60_000);
}

/** How many stored tickets of a centre the hourly run would not read, because they lie before its overlap. */
export async function countLate(
  { warehouse, settings }: Pick<Platform, 'warehouse' | 'settings'>,
  techCenter: string,
  signal: AbortSignal,
): Promise<number> {
  const before = overlapStart(settings, await warehouse.watermark(techCenter, signal));
  if (before === undefined) return 0;
  return warehouse.countUnprocessedBefore(
    { techCenter, before, quarantineSource: preprocessQuarantineSource },
    signal,
  );
}
