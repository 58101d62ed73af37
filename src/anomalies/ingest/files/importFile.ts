import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { toTimestamp, type PipelineRun } from '../../../contracts';
import type { Progress } from '../../../learn/run';
import { finishRun, startRun } from '../../../platform/pipelineRun';
import type { Platform } from '../../../platform/platform';
import type { IngestKind, MetricCandidate } from '../batch';
import { importedTimes } from '../checkPoint';
import type { RawLogRecord } from '../logParsing';
import { logStore, metricStore, type BatchOutcome, type BatchStore } from '../storeBatch';
import { openLogFile, openMetricFile, type ObservationFile, type ObservationFileOptions } from './decodeFile';

export interface ImportControl {
  readonly signal: AbortSignal;
  /** `done` and `total` are bytes of the file. */
  readonly onProgress?: (progress: Progress) => void;
  /** Under which the run is recorded; `import` when not given. */
  readonly pipeline?: 'import' | 'ingest';
}

export interface ImportedFile extends BatchOutcome {
  readonly run: PipelineRun;
  readonly file: string;
  readonly batchId: string;
  readonly format: string;
  readonly encoding: string | undefined;
}

/**
 * Merges a file's points or log records into the tables part by part, sets bad ones aside, and records the run. The
 * file itself is the raw copy. Importing it again changes nothing.
 * @throws what reading the file and the warehouse throw, after the failed run is recorded; what was stored stays.
 */
export async function importFile(
  platform: Platform,
  kind: IngestKind,
  path: string,
  options: ObservationFileOptions,
  control: ImportControl,
): Promise<ImportedFile> {
  const { signal, pipeline: name = 'import' } = control;
  const run = startRun(platform, name, kind);
  let outcome: BatchOutcome = { records: 0, accepted: 0, rejected: [], rejectedTotal: 0 };
  const countsOf = ({ records, accepted, rejectedTotal }: BatchOutcome): Record<string, number> => ({
    read: records,
    stored: accepted,
    quarantined: rejectedTotal,
  });
  try {
    const each = (soFar: BatchOutcome): void => {
      outcome = soFar;
    };
    const arrivedAt = toTimestamp(platform.clock.now());
    const opened = await openFile(kind, path, options, signal);
    const { shape, encoding } = opened.file;
    const batchId = await fileBatchId(kind, path, options, signal);
    const stamp = { batchId, arrivedAt, shape };
    await (opened.kind === 'metrics'
      ? storeFile(opened.file, metricStore(platform, stamp, importedTimes), control, each)
      : storeFile(opened.file, logStore(platform, stamp, importedTimes), control, each));
    const finished = await finishRun(platform, run, { counts: countsOf(outcome) }, signal);
    return { run: finished, file: basename(path), batchId, format: shape, encoding, ...outcome };
  } catch (error) {
    await finishRun(platform, run, { counts: countsOf(outcome), error, thrownOn: true }, signal);
    throw error;
  }
}

async function storeFile<Candidate>(
  file: ObservationFile<Candidate>,
  store: BatchStore<Candidate>,
  { signal, onProgress }: ImportControl,
  each: (outcome: BatchOutcome) => void,
): Promise<void> {
  for await (const { entries, bytesRead } of file.parts(signal)) {
    for (const entry of entries) {
      store.add(entry);
      if (store.full) await store.flush(signal);
    }
    each(store.outcome());
    onProgress?.({ stage: 'import', done: bytesRead, total: file.size });
  }
  await store.flush(signal);
  store.report();
  each(store.outcome());
}

/** The same file, read with the same options, is the same batch. */
async function fileBatchId(
  kind: IngestKind,
  path: string,
  options: ObservationFileOptions,
  signal: AbortSignal,
): Promise<string> {
  const hash = createHash('sha256').update(`${kind}\nfile\n${JSON.stringify(options)}\n`);
  await pipeline(createReadStream(path), hash, { signal });
  return `b-${hash.digest('hex').slice(0, 32)}`;
}

async function openFile(
  kind: IngestKind,
  path: string,
  options: ObservationFileOptions,
  signal: AbortSignal,
): Promise<
  | { readonly kind: 'metrics'; readonly file: ObservationFile<MetricCandidate> }
  | { readonly kind: 'logs'; readonly file: ObservationFile<RawLogRecord> }
> {
  return kind === 'metrics'
    ? { kind, file: await openMetricFile(path, options, signal) }
    : { kind, file: await openLogFile(path, options, signal) };
}
