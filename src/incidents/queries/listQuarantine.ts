import type { Quarantine } from '../../contracts';
import type { Platform } from '../../platform/platform';

/** Rows that imports and preprocessing have set aside, newest first, without their text. */
export async function listQuarantine(
  platform: Platform,
  { source, limit }: { source?: string | undefined; limit: number },
  signal: AbortSignal,
): Promise<Quarantine> {
  const filter = source === undefined ? {} : { source };
  const rows = await platform.warehouse.quarantined({ ...filter, limit }, signal);
  return {
    total: await platform.warehouse.countQuarantined(filter, signal),
    rows: rows.map(({ source: origin, key, reasonCode, detail, at }) => ({
      source: origin,
      key,
      reasonCode,
      detail,
      at,
    })),
  };
}
