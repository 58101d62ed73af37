import type { Matrix } from '../../matrix';
import { dominantPeriod } from '../../series';
import { requireOption } from '../detectorOptions';
import { columnOf } from './scale';

/** Rows of one season: a number, or `auto` to find it in each column's autocorrelation. */
export type Period = number | 'auto';

/** A week of minutes would be the longest season of metrics read each minute; a day is the longest looked for. */
const longestPeriod = 1_440;

export function requirePeriod(period: Period): void {
  const holds = period === 'auto' || (Number.isInteger(period) && period >= 2);
  requireOption('period', period, holds, 'a whole number from 2 up, or auto');
}

/** The season of each column, 0 where it has none or was not seen `seasons` times. */
export function periodsOf(data: Matrix, period: Period, seasons: number): Int32Array {
  return Int32Array.from({ length: data.d }, (_, column) => {
    const found = period === 'auto' ? (dominantPeriod(columnOf(data, column), longestPeriod) ?? 0) : period;
    return found * seasons < data.n ? found : 0;
  });
}
