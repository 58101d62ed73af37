import { basename } from 'node:path';
import { toTimestamp, type PipelineRun, type QuarantinedRow } from '../../contracts';
import type { Progress } from '../../learn/run';
import type { Platform } from '../../platform/platform';
import { countLate } from '../preprocess/late';
import { finishRun, startRun } from '../../platform/pipelineRun';
import {
  checkTechCenter,
  readIncidentFile,
  type IncidentFileOptions,
  type IncidentFileReport,
  type RefusedRow,
} from './readIncidentFile';

/** Source of quarantined rows that an import refused. */
export const importQuarantineSource = 'import';

/** Limit of storing one batch; the warehouse's own retries fit in it. */
const storeLimitMs = 120_000;

/** Enough to see what is wrong with a file; the others are in the tables. */
const refusedShown = 5;

export interface ImportControl {
  readonly signal: AbortSignal;
  /** `done` and `total` are bytes of the file. */
  readonly onProgress?: (progress: Progress) => void;
}

export interface ImportResult {
  readonly run: PipelineRun;
  readonly report: IncidentFileReport;
  /** The first of the rows that were set aside. */
  readonly setAside: readonly RefusedRow[];
  /** Tickets of the centres in the file that the hourly run does not read any more: older than its overlap. */
  readonly late: number;
}

/**
 * Merges a file's tickets into the warehouse batch by batch, sets refused rows aside with their reason, and records
 * the run. Importing the same file again changes nothing.
 * @throws what reading the file and the warehouse throw, after the failed run is recorded; what was stored stays.
 */
export async function importIncidents(
  platform: Platform,
  file: string,
  options: IncidentFileOptions,
  { signal, onProgress }: ImportControl,
): Promise<ImportResult> {
  const run = startRun(platform, 'import', options.techCenter ?? 'all');
  const counts = { read: 0, stored: 0, quarantined: 0 };
  const centers = new Set<string>();
  const setAside: RefusedRow[] = [];
  try {
    const checked =
      options.techCenter === undefined
        ? options
        : { ...options, techCenter: checkTechCenter(options.techCenter) };
    const source = await readIncidentFile(file, checked, signal);
    for await (const batch of source.batches(signal)) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(storeLimitMs)]);
      await platform.warehouse.mergeIncidents(batch.incidents, limit);
      await platform.warehouse.mergeQuarantined(
        batch.refused.map((row) => quarantined(platform, file, row)),
        limit,
      );
      for (const { techCenter } of batch.incidents) centers.add(techCenter);
      setAside.push(...batch.refused.slice(0, refusedShown - setAside.length));
      counts.stored += batch.incidents.length;
      counts.quarantined += batch.refused.length;
      counts.read = source.report().rows;
      onProgress?.({ stage: 'import', done: batch.bytesRead, total: source.size });
    }
    let late = 0;
    for (const techCenter of centers) late += await countLate(platform, techCenter, signal);
    const finished = await finishRun(platform, run, { counts: { ...counts, late } }, signal);
    return { run: finished, report: source.report(), setAside, late };
  } catch (error) {
    await finishRun(platform, run, { counts, error, thrownOn: true }, signal);
    throw error;
  }
}

function quarantined(platform: Platform, file: string, refused: RefusedRow): QuarantinedRow {
  return {
    source: importQuarantineSource,
    key: `${basename(file)}#${refused.row}`,
    reasonCode: refused.reason,
    detail: `row ${refused.row}: ${refused.detail}`,
    rowJson: JSON.stringify({ row: refused.row, excerpt: refused.excerpt }),
    at: toTimestamp(platform.clock.now()),
  };
}
