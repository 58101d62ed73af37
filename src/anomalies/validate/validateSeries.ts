import { FailureCounts, scoreOf, type QualityCheck, type QualityReport } from './quality';
import type { MetricGrid, UsualRanges } from './usualRanges';

/** Minutes in a row that cannot be used, and why. */
export interface BadStretch {
  readonly firstRow: number;
  /** Included. */
  readonly lastRow: number;
  /** Critical metrics without a value somewhere in it. */
  readonly metrics: readonly string[];
}

export interface SeriesReport extends QualityReport {
  /** 1 for a row that lacks a critical metric: such rows are set aside, never filled. */
  readonly bad: Uint8Array;
  readonly stretches: readonly BadStretch[];
}

/**
 * Judges one instance's metrics on the minute grid. A value outside its declared range fails; outside the usual
 * range it only lowers the score, since it may be the very fault that is looked for.
 */
export function validateSeries(grid: MetricGrid, usual: UsualRanges = {}): SeriesReport {
  const { bad, stretches, check: critical } = criticalRows(grid);
  const accepted = grid.rows - bad.reduce((sum, row) => sum + row, 0);
  const checks = [critical, ...valueChecks(grid, usual), ...columnChecks(grid)];
  return { rows: grid.rows, accepted, score: scoreOf(checks), checks, bad, stretches };
}

function criticalRows(grid: MetricGrid): { bad: Uint8Array; stretches: BadStretch[]; check: QualityCheck } {
  const critical = grid.metrics.flatMap(({ critical: needed }, metric) => (needed === true ? [metric] : []));
  const bad = new Uint8Array(grid.rows);
  const failures = new FailureCounts();
  const stretches: { firstRow: number; lastRow: number; metrics: Set<string> }[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (const metric of critical) {
      if (!Number.isNaN(grid.value(row, metric))) continue;
      const { name } = grid.metrics[metric]!;
      failures.add(name);
      bad[row] = 1;
      const current = stretches.at(-1);
      if (current && current.lastRow >= row - 1) {
        current.lastRow = row;
        current.metrics.add(name);
      } else stretches.push({ firstRow: row, lastRow: row, metrics: new Set([name]) });
    }
  }
  return {
    bad,
    stretches: stretches.map((stretch) => ({ ...stretch, metrics: [...stretch.metrics] })),
    check: failures.check('critical_present', grid.rows * critical.length),
  };
}

function valueChecks({ metrics, rows, value }: MetricGrid, usual: UsualRanges): QualityCheck[] {
  const missing = new FailureCounts();
  const outside = new FailureCounts();
  const unusual = new FailureCounts();
  let ranged = 0;
  let known = 0;
  metrics.forEach(({ name, kind, minimum = -Infinity, maximum = Infinity }, metric) => {
    const range = usual[name];
    // A declared range is one of readings; the grid has a counter's increments.
    const isRanged = kind === 'gauge' && (minimum > -Infinity || maximum < Infinity);
    const counts = { missing: 0, outside: 0, unusual: 0 };
    for (let row = 0; row < rows; row++) {
      const here = value(row, metric);
      if (Number.isNaN(here)) counts.missing++;
      else if (here < minimum || here > maximum) counts.outside += isRanged ? 1 : 0;
      else if (range && (here < range.least || here > range.most)) counts.unusual++;
    }
    missing.add(name, counts.missing);
    outside.add(name, counts.outside);
    unusual.add(name, counts.unusual);
    if (isRanged) ranged += rows - counts.missing;
    if (range) known += rows - counts.missing;
  });
  return [
    missing.check('present', rows * metrics.length),
    outside.check('range', ranged),
    unusual.check('usual_range', known),
  ];
}

/** Columns that tell nothing: empty, constant, or the copy of an earlier one. */
function columnChecks({ metrics, rows, value }: MetricGrid): QualityCheck[] {
  const dull = new FailureCounts();
  const copies = new FailureCounts();
  const byHash = new Map<number, number[]>();
  metrics.forEach(({ name }, metric) => {
    let first = Number.NaN;
    let varies = false;
    let hash = 0;
    for (let row = 0; row < rows; row++) {
      const here = value(row, metric);
      if (Number.isNaN(first)) first = here;
      else if (!Number.isNaN(here) && here !== first) varies = true;
      hash = (Math.imul(hash, 31) + hashOf(here)) | 0;
    }
    if (!varies) {
      dull.add(name);
      return;
    }
    const alike = byHash.get(hash) ?? [];
    byHash.set(hash, [...alike, metric]);
    if (alike.some((other) => isCopy(metric, other, rows, value))) copies.add(name);
  });
  const columns = rows === 0 ? 0 : metrics.length;
  return [dull.check('informative', columns), copies.check('distinct', columns)];
}

function isCopy(metric: number, other: number, rows: number, value: MetricGrid['value']): boolean {
  for (let row = 0; row < rows; row++) {
    if (!Object.is(value(row, metric), value(row, other))) return false;
  }
  return true;
}

const float = new Float64Array(1);
const bits = new Int32Array(float.buffer);

function hashOf(value: number): number {
  float[0] = value;
  return bits[0]! ^ Math.imul(bits[1]!, 31);
}
