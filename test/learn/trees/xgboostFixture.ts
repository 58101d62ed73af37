import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { matrix, type Matrix } from '../../../src/learn/matrix';

/** A model made by XGBoost 1.7.4 and what it says of some rows (test/fixtures/trees/make_xgboost.py). */
export interface XgboostFixture {
  readonly model: string;
  readonly rows: Matrix;
  readonly margins: Float32Array;
  /** n × (d + 1). */
  readonly contributions: Float32Array;
  /** By kind, then by column as `f0`, `f1` …; columns without a split are left out. */
  readonly importance: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

export function readFixture(name: string): unknown {
  const path = join(process.cwd(), 'test', 'fixtures', 'trees', `${name}.json.gz`);
  return JSON.parse(gunzipSync(readFileSync(path)).toString()) as unknown;
}

export function xgboostFixture(name: 'depthwise' | 'lossguide'): XgboostFixture {
  const stored = readFixture(name) as {
    model: string;
    columns: number;
    rows: string;
    margins: string;
    contributions: string;
    importance: XgboostFixture['importance'];
  };
  const values = floats(stored.rows);
  return {
    model: stored.model,
    rows: matrix(values, values.length / stored.columns, stored.columns),
    margins: floats(stored.margins),
    contributions: floats(stored.contributions),
    importance: stored.importance,
  };
}

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}
