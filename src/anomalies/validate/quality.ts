import type { DataQuality, Timestamp } from '../../contracts';

/** What is checked, each with its weight in the score: 3 for what makes training worthless, 1 for what is only odd. */
export const checkWeights = {
  /** Values are finite numbers that a float can hold. */
  types: 3,
  /** Critical metrics have values. */
  critical_present: 3,
  /** All metrics have values. */
  present: 2,
  /** Values are within the declared range of their metric. */
  range: 2,
  /** Values are within the range that history shows. */
  usual_range: 1,
  /** Times do not go back, nor lie in the future. */
  time_order: 1,
  /** No point comes twice. */
  duplicates: 1,
  /** Metrics change. */
  informative: 1,
  /** No metric is the copy of another. */
  distinct: 1,
} as const;
export type CheckName = keyof typeof checkWeights;

export interface QualityCheck {
  readonly name: CheckName;
  /** How many values, points, rows or metrics were looked at, and how many of them failed. */
  readonly checked: number;
  readonly failed: number;
  /** Metrics that failures are in, those with the most first. */
  readonly columns: readonly string[];
}

export interface QualityReport {
  readonly rows: number;
  readonly accepted: number;
  /** In [0, 1]; see `scoreOf`. */
  readonly score: number;
  readonly checks: readonly QualityCheck[];
}

/**
 * The share of what passed, averaged over the checks by their weights: Σ weight · (1 − failed / checked) / Σ weight,
 * over the checks that looked at anything; 0 when none did, because nothing is known to be good.
 */
export function scoreOf(checks: readonly QualityCheck[]): number {
  let passed = 0;
  let weights = 0;
  for (const { name, checked, failed } of checks) {
    if (checked === 0) continue;
    passed += checkWeights[name] * (1 - failed / checked);
    weights += checkWeights[name];
  }
  return weights === 0 ? 0 : passed / weights;
}

/** The same checks over several parts, as if they had been one. */
export function joinChecks(parts: readonly (readonly QualityCheck[])[]): QualityCheck[] {
  const joined = new Map<CheckName, { checked: number; failed: number; columns: Set<string> }>();
  for (const { name, checked, failed, columns } of parts.flat()) {
    const known = joined.get(name) ?? { checked: 0, failed: 0, columns: new Set() };
    known.checked += checked;
    known.failed += failed;
    for (const column of columns) known.columns.add(column);
    joined.set(name, known);
  }
  return [...joined].map(([name, { checked, failed, columns }]) => ({
    name,
    checked,
    failed,
    columns: [...columns],
  }));
}

/** The row of the quality history for a report. */
export function qualityRow(
  report: QualityReport,
  of: { readonly batchId: string; readonly subject: string; readonly scope: string; readonly at: Timestamp },
): DataQuality {
  return {
    batchId: of.batchId,
    subject: of.subject,
    scope: of.scope,
    rows: report.rows,
    accepted: report.accepted,
    quarantined: report.rows - report.accepted,
    score: report.score,
    checksJson: JSON.stringify(report.checks),
    checkedAt: of.at,
  };
}

/** Counts failures by metric, so that a check can name the worst first. */
export class FailureCounts {
  private readonly counts = new Map<string, number>();
  total = 0;

  add(column: string, count = 1): void {
    if (count === 0) return;
    this.total += count;
    this.counts.set(column, (this.counts.get(column) ?? 0) + count);
  }

  check(name: CheckName, checked: number): QualityCheck {
    const worstFirst = [...this.counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1));
    return { name, checked, failed: this.total, columns: worstFirst.map(([column]) => column) };
  }
}
