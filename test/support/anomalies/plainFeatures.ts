import type { FeatureSet } from '../../../src/contracts';
import type { InstanceSeries } from '../../../src/anomalies/features';

/**
 * Features straight from docs/features.md, one at a time over plain lists: slow, and as little like the code under
 * test as possible. NaN where a feature is missing. Calendar features in UTC.
 */
export function plainFeatures(set: FeatureSet, series: InstanceSeries): number[][] {
  const { n, d, values } = series.values;
  const reading = (row: number, metric: number): number => {
    for (let age = 0; age <= 5 && row - age >= 0; age++) {
      const at = values[(row - age) * d + metric]!;
      const { minimum = -1e30, maximum = 1e30 } = set.metrics[metric]!;
      if (at >= minimum && at <= maximum && Math.abs(at) <= 1e30) return at;
    }
    return Number.NaN;
  };
  const column = set.metrics.map(({ kind }, metric) =>
    Array.from({ length: n }, (_, row) => {
      const now = reading(row, metric);
      if (kind === 'gauge') return now;
      const before = row === 0 ? Number.NaN : reading(row - 1, metric);
      return now < before ? now : now - before;
    }),
  );
  const of = (name: string): number[] => column[set.metrics.findIndex((metric) => metric.name === name)]!;
  return Array.from({ length: n }, (_, row) =>
    set.definitions.map(({ function: feature, inputs, windowMinutes }) => {
      const list = inputs[0] === undefined ? undefined : of(inputs[0]);
      const window = <T>(of: readonly T[] | undefined): T[] =>
        (of ?? []).slice(Math.max(0, row - windowMinutes + 1), row + 1);
      const enough = (present: readonly unknown[]): boolean => present.length >= Math.ceil(windowMinutes / 3);
      const present = window(list).filter((value) => !Number.isNaN(value));
      const mean =
        present[0]! + present.reduce((sum, value) => sum + (value - present[0]!), 0) / present.length;
      const total = present.reduce((sum, value) => sum + value, 0);
      const logs = window(series.logs).filter((minute) => minute !== undefined);
      const counts: Record<string, number> = {};
      for (const { templates } of logs) {
        for (const [id, count] of Object.entries(templates)) counts[id] = (counts[id] ?? 0) + count;
      }
      const records = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const date = new Date((series.startMinute + row) * 60_000);
      const minuteOfDay = date.getUTCHours() * 60 + date.getUTCMinutes();
      const weekday = (date.getUTCDay() + 6) % 7;
      switch (feature) {
        case 'value':
          return list![row]!;
        case 'mean':
          return enough(present) ? mean : Number.NaN;
        case 'std':
          return enough(present)
            ? Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length)
            : Number.NaN;
        case 'min':
          return enough(present) ? Math.min(...present) : Number.NaN;
        case 'max':
          return enough(present) ? Math.max(...present) : Number.NaN;
        case 'increase':
          return enough(present) ? total : Number.NaN;
        case 'rate':
          return enough(present) ? total / present.length / 60 : Number.NaN;
        case 'lag':
          return list![row - windowMinutes] ?? Number.NaN;
        case 'change':
          return (list![row]! - (list![row - windowMinutes] ?? Number.NaN)) / windowMinutes;
        case 'ratio': {
          const ratio = list![row]! / of(inputs[1]!)[row]!;
          return Math.abs(ratio) <= 1e30 ? ratio : Number.NaN;
        }
        case 'correlation':
          return pearson(window(list), window(of(inputs[1]!)));
        case 'log_count':
          return records;
        case 'error_count':
          return logs.reduce((sum, { errors }) => sum + errors, 0);
        case 'warning_count':
          return logs.reduce((sum, { warnings }) => sum + warnings, 0);
        case 'new_templates':
          return logs.reduce((sum, { newTemplates }) => sum + newTemplates, 0);
        case 'template_count':
          return counts[inputs[0]!] ?? 0;
        case 'template_entropy':
          return records === 0
            ? Number.NaN
            : Object.values(counts).reduce(
                (sum, count) => sum - (count / records) * Math.log2(count / records),
                0,
              );
        case 'hour_of_day':
          return date.getUTCHours();
        case 'day_of_week':
          return weekday;
        case 'is_weekend':
          return weekday >= 5 ? 1 : 0;
        case 'is_business_hours':
          return weekday < 5 && date.getUTCHours() >= 9 && date.getUTCHours() < 17 ? 1 : 0;
        case 'hour_of_day_sin':
          return Math.sin((minuteOfDay / 1440) * 2 * Math.PI);
        case 'hour_of_day_cos':
          return Math.cos((minuteOfDay / 1440) * 2 * Math.PI);
        case 'day_of_week_sin':
          return Math.sin(((weekday * 1440 + minuteOfDay) / 10080) * 2 * Math.PI);
        case 'day_of_week_cos':
          return Math.cos(((weekday * 1440 + minuteOfDay) / 10080) * 2 * Math.PI);
        default:
          throw new TypeError(`no plain form of ${String(feature)}`);
      }
    }),
  );
}

function pearson(one: readonly number[], other: readonly number[]): number {
  const pairs = one.map((x, index) => [x, other[index]!] as const).filter(([x, y]) => !Number.isNaN(x + y));
  if (pairs.length < 5) return Number.NaN;
  const centred = [0, 1].map((side) => {
    const first = pairs[0]![side]!;
    const shifted = pairs.map((pair) => pair[side]! - first);
    const mean = shifted.reduce((sum, value) => sum + value, 0) / shifted.length;
    return shifted.map((value) => value - mean);
  });
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  const [x, y] = centred as [number[], number[]];
  return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
}
