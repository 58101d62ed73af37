import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { QuarterdeckError } from '../../../contracts';

/** Rows of a CSV file as text, .gz too. @throws FILE_MALFORMED, NOT_FOUND */
export function readRows(path: string): string[][] {
  const text = readText(path);
  try {
    return parse(text, { relax_column_count: true, skip_empty_lines: true, bom: true });
  } catch (error) {
    throw malformed(path, error instanceof Error ? error.message : 'not CSV', error);
  }
}

/** @throws FILE_MALFORMED, NOT_FOUND */
export function readJson<T>(path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof QuarterdeckError) throw error;
    throw malformed(path, 'not JSON', error);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw malformed(path, z.prettifyError(read.error), read.error);
  return read.data;
}

/** A cell as a number; NaN where it is empty or says so. @throws FILE_MALFORMED */
export function numberIn(cell: string | undefined, path: string): number {
  if (cell === undefined || /^\s*(nan)?\s*$/i.test(cell)) return Number.NaN;
  const value = Number(cell);
  if (Number.isNaN(value)) throw malformed(path, `${JSON.stringify(cell.slice(0, 40))} is no number`);
  return value;
}

export function malformed(path: string, what: string, cause?: unknown): QuarterdeckError {
  return new QuarterdeckError('FILE_MALFORMED', `${basename(path)}: ${what}`, {
    culprit: { file: path },
    cause,
  });
}

function readText(path: string): string {
  if (!existsSync(path)) {
    throw new QuarterdeckError('NOT_FOUND', `there is no file ${path}`, { culprit: { file: path } });
  }
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
