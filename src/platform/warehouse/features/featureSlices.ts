import { timestampMs, toTimestamp, type FeatureSet } from '../../../contracts';
import type { FeatureQuery } from '../featureOperations';
import type { Parameters } from '../parameters';
import { firstMinute, sliceParameters, type FeatureSlice } from './dialect';
import { logColumns, logParameters } from './logSql';

const msPerMinute = 60_000;
/** Numbers in the matrix of a slice: 200 MB, however many features there are for a metric. */
const mostNumbers = 50_000_000;

/**
 * Cuts a query into parts of at most `cells` readings on the grid: several instances at once where they are
 * short, one instance at a time in several stretches where it is long.
 */
export function slicesOf(query: FeatureQuery, cells: number): FeatureSlice[] {
  const { set, instances } = query;
  const lookback = lookbackOf(set);
  const fromMinute = Math.floor(timestampMs(query.from) / msPerMinute);
  const toMinute = Math.ceil(timestampMs(query.to) / msPerMinute);
  if (toMinute <= fromMinute) return [];
  const minutesPerSlice = Math.max(
    1,
    Math.floor(
      Math.min(cells / Math.max(1, set.metrics.length), mostNumbers / Math.max(1, set.names.length)),
    ),
  );
  const minutesOfOne = toMinute - firstMinute({ fromMinute, lookback });
  const together = Math.max(1, Math.floor(minutesPerSlice / minutesOfOne));
  const slices: FeatureSlice[] = [];
  for (let first = 0; first < instances.length; first += together) {
    for (let start = fromMinute; start < toMinute; start += minutesPerSlice) {
      slices.push({
        set,
        instances: instances.slice(first, first + together),
        fromMinute: start,
        toMinute: Math.min(toMinute, start + minutesPerSlice),
        lookback,
      });
    }
  }
  return slices;
}

function lookbackOf({ definitions }: FeatureSet): number {
  // A lag looks its whole minutes back, a window one less; one minute too many is harmless.
  return Math.max(0, ...definitions.map(({ windowMinutes }) => windowMinutes));
}

/** All that the statements of a slice name. */
export function allParameters(slice: FeatureSlice): Parameters {
  return {
    ...sliceParameters(slice),
    ...logParameters(logColumns(slice.set)),
    from_minute: ['integer', slice.fromMinute],
    from_time: ['timestamp', toTimestamp(firstMinute(slice) * msPerMinute)],
    to_time: ['timestamp', toTimestamp(slice.toMinute * msPerMinute)],
  };
}

export function unusableParameters(query: FeatureQuery & { readonly limit: number }): Parameters {
  return {
    instances: ['texts', query.instances],
    metrics: ['texts', query.set.metrics.map(({ name }) => name)],
    from_time: ['timestamp', query.from],
    to_time: ['timestamp', query.to],
    row_limit: ['integer', query.limit],
  };
}
