import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { QuarterdeckError, timestampMs, toTimestamp } from '../../../contracts';

/** The Numenta Anomaly Benchmark's folder: series, labelled windows, and profiles of what a mistake costs. */

export interface NabSeries {
  /** Path within the folder, as the benchmark names it: `realTweets/Twitter_volume_AAPL.csv`. */
  readonly path: string;
  /** Milliseconds since 1970 of each point, in the order of the file. */
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
  /** Labelled windows, first and last index, both inside; in time order. */
  readonly windows: readonly NabWindow[];
}

export interface NabWindow {
  readonly first: number;
  readonly last: number;
}

/** What a detection, a missed window and a false alarm weigh. */
export interface NabProfile {
  readonly name: string;
  readonly truePositiveWeight: number;
  readonly falsePositiveWeight: number;
  readonly falseNegativeWeight: number;
}

const windowsSchema = z.record(z.string(), z.array(z.tuple([z.string(), z.string()])));
const profilesSchema = z.record(
  z.string(),
  z.object({
    CostMatrix: z.object({
      tpWeight: z.number(),
      fpWeight: z.number(),
      fnWeight: z.number(),
      tnWeight: z.number(),
    }),
  }),
);

/** Reads `combined_windows.json` and every series it names. @throws NOT_FOUND, FILE_MALFORMED, FILE_COLUMN_MISSING. */
export function readNabSeries(folder: string): NabSeries[] {
  const windows = readJson(folder, 'combined_windows.json', windowsSchema);
  return Object.keys(windows)
    .sort()
    .map((path) => readSeries(folder, path, windows[path]!));
}

/** Reads `profiles.json`. @throws NOT_FOUND, FILE_MALFORMED. */
export function readNabProfiles(folder: string): NabProfile[] {
  return Object.entries(readJson(folder, 'profiles.json', profilesSchema)).map(([name, { CostMatrix }]) => ({
    name,
    truePositiveWeight: CostMatrix.tpWeight,
    falsePositiveWeight: CostMatrix.fpWeight,
    falseNegativeWeight: CostMatrix.fnWeight,
  }));
}

function readSeries(folder: string, path: string, limits: readonly (readonly [string, string])[]): NabSeries {
  const file = existingFile(folder, path);
  let rows: Record<string, string>[];
  try {
    const bytes = readFileSync(file);
    rows = parse(file.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, skip_empty_lines: true });
  } catch (cause) {
    throw malformed(path, 'it cannot be read', cause);
  }
  if (rows.length === 0) throw malformed(path, 'it has no rows');
  for (const column of ['timestamp', 'value']) {
    if (column in rows[0]!) continue;
    throw new QuarterdeckError('FILE_COLUMN_MISSING', `${path} has no column ${column}`, {
      culprit: { blob: path, column },
    });
  }
  const timesMs = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  // Local times repeat an hour in autumn: as in the benchmark, the first of equal times is meant.
  const rowAt = new Map<number, number>();
  rows.forEach((row, at) => {
    timesMs[at] = timestampMs(toTimestamp(row['timestamp']!));
    values[at] = Number(row['value']);
    if (row['value'] === '' || !Number.isFinite(values[at])) {
      throw malformed(path, `row ${at + 1} has the value ${JSON.stringify(row['value'])}`);
    }
    if (!rowAt.has(timesMs[at])) rowAt.set(timesMs[at], at);
  });
  const rowOfLimit = (limit: string): number => {
    const row = rowAt.get(timestampMs(toTimestamp(limit)));
    if (row === undefined) throw malformed(path, `no row at the window limit ${limit}`);
    return row;
  };
  const windows = limits.map(([from, to]) => ({ first: rowOfLimit(from), last: rowOfLimit(to) }));
  return { path, timesMs, values, windows };
}

function existingFile(folder: string, path: string): string {
  const file = [join(folder, path), join(folder, `${path}.gz`)].find((candidate) => existsSync(candidate));
  if (!file) {
    throw new QuarterdeckError('NOT_FOUND', `${join(folder, path)} does not exist, neither as .gz`, {
      culprit: { blob: path },
    });
  }
  return file;
}

function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): T {
  const text = readFileSync(existingFile(folder, name), 'utf8');
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw malformed(name, 'it is not of the expected form', cause);
  }
}

function malformed(path: string, why: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('FILE_MALFORMED', `${path}: ${why}`, { culprit: { blob: path }, cause });
}
