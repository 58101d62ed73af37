import { basename } from 'node:path';
import { toTimestamp, type QuarantinedRow } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { redactSecrets } from '../../../platform/redaction';
import { alertQuarantineSource } from '../storeAlerts';
import type { AlertBatch } from './readAlertCsv';

/** Limit of storing what one batch sets aside; the warehouse's own retries fit in it. */
const storeLimitMs = 120_000;

/**
 * Keeps the rows of a file that became no alerts, each once however often the file is read. To be called with every
 * batch: `collectAlerts(file.batches(), quarantineRows(platform, path, signal))`.
 */
export function quarantineRows(
  platform: Pick<Platform, 'warehouse' | 'clock'>,
  path: string,
  signal: AbortSignal,
): (batch: AlertBatch) => Promise<void> {
  const at = toTimestamp(platform.clock.now());
  return async ({ rejected }) => {
    if (rejected.length === 0) return;
    const rows = rejected.map(({ row, code, message, excerpt }): QuarantinedRow => ({
      source: alertQuarantineSource,
      key: `${basename(path)}#${row}`,
      reasonCode: code,
      detail: `row ${row}: ${message}`,
      rowJson: JSON.stringify({ row, excerpt: redactSecrets(excerpt) }),
      at,
    }));
    const limit = AbortSignal.any([signal, AbortSignal.timeout(storeLimitMs)]);
    await platform.warehouse.mergeQuarantined(rows, limit);
  };
}
