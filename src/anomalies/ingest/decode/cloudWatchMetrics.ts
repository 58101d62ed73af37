import { z } from 'zod';
import { excerptOf, type Decoded, type MetricCandidate } from '../batch';
import { seriesOfDimensions } from './cloudWatchSeries';
import { seriesName } from './seriesName';

/** One line of a CloudWatch metric stream in its JSON format. */
const lineSchema = z.looseObject({
  namespace: z.string(),
  metric_name: z.string(),
  dimensions: z.record(z.string(), z.unknown()).default({}),
  timestamp: z.unknown().optional(),
  value: z.record(z.string(), z.unknown()),
  unit: z.string().nullish(),
});

export function isMetricStreamLine(value: unknown): boolean {
  return lineSchema.safeParse(value).success;
}

/** The statistics of one minute, each a metric of its own: `AWS/EC2/CPUUtilization_max`, …, and `_average`. */
export function* metricStreamLine(index: number, line: unknown): Generator<Decoded<MetricCandidate>> {
  const excerpt = (): string => excerptOf(line);
  const parsed = lineSchema.safeParse(line);
  if (!parsed.success) {
    const refusal = {
      code: 'RECORD_MALFORMED',
      message: 'not a line of a CloudWatch metric stream',
    } as const;
    yield { index, refusal, excerpt };
    return;
  }
  const { namespace, metric_name: name, dimensions, timestamp, value, unit } = parsed.data;
  const series = seriesOfDimensions(namespace, name, dimensions);
  const statistics = Object.entries(value);
  const { sum, count } = value;
  if (typeof sum === 'number' && typeof count === 'number' && count > 0)
    statistics.push(['average', sum / count]);
  for (const [statistic, measured] of statistics) {
    yield {
      index,
      candidate: {
        instance: series.instance,
        metric: seriesName(`${series.metric}_${statistic}`, series.labels),
        at: timestamp,
        value: measured,
        kind: 'gauge',
        unit: statistic === 'count' ? '1' : unit === 'None' ? null : (unit ?? null),
      },
      excerpt,
    };
  }
}
