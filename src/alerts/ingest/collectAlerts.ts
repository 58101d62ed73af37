import { combineFirings, type Alert } from '../../contracts';
import type { AlertBatch, RejectedAlertRow } from './csv/readAlertCsv';
import { firingId } from './firingIds';

export interface CollectedAlerts {
  /** One for each firing, in the order in which they first came. */
  readonly alerts: readonly Alert[];
  /** The first of the rows that were set aside. */
  readonly rejected: readonly RejectedAlertRow[];
  readonly rejectedTotal: number;
  /** Rows that said again what an earlier one had said: a million identical rows are one alert and this many. */
  readonly repeats: number;
  /** Rows under an id that another condition or an earlier firing has, too: they are alerts of their own. */
  readonly idsReused: number;
}

/** Rejected rows that are held in memory; the batches name all of them. */
const rejectedHeld = 1_000;

/**
 * Brings the batches of a file together, one alert for each firing: memory grows with the firings, not with the rows.
 * @param onBatch is called with every batch, for what has to see all rejected rows.
 */
export async function collectAlerts(
  batches: AsyncIterable<AlertBatch>,
  onBatch?: (batch: AlertBatch) => void | Promise<void>,
): Promise<CollectedAlerts> {
  const byId = new Map<string, Alert>();
  const rejected: RejectedAlertRow[] = [];
  let rejectedTotal = 0;
  let repeats = 0;
  let idsReused = 0;
  for await (const batch of batches) {
    for (const given of batch.alerts) {
      const id = firingId((other) => byId.get(other), given);
      if (id !== given.id) idsReused++;
      const known = byId.get(id);
      if (known !== undefined) repeats++;
      const alert = id === given.id ? given : { ...given, id };
      byId.set(id, known === undefined ? alert : combineFirings(known, alert));
    }
    rejected.push(...batch.rejected.slice(0, rejectedHeld - rejected.length));
    rejectedTotal += batch.rejected.length;
    await onBatch?.(batch);
  }
  return { alerts: [...byId.values()], rejected, rejectedTotal, repeats, idsReused };
}
