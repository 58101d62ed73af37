import { z } from 'zod';
import { QuarterdeckError } from '../../../contracts';
import { excerptOf, type Decoded, type MetricCandidate } from '../batch';
import { readNanoseconds } from '../times';
import { cloudWatchSeries } from './cloudWatchSeries';
import { instanceOf, jsonNumber, keyValues, listOf, plainAttributes, resourceSchema } from './otlpValues';
import { seriesName } from './seriesName';

/**
 * Metrics of the OpenTelemetry protocol as points (docs/decisions/0078): gauges and sums under their own name, a
 * monotonic cumulative sum being a counter; histograms and summaries as `_count`, `_sum`, `_bucket{le}`, `_min`,
 * `_max` and `{quantile}`. What a delta sum adds in its interval is stored as a gauge.
 */

const attributes = keyValues.optional();
const pointSchema = z.looseObject({
  timeUnixNano: z.unknown().optional(),
  attributes,
  flags: z.unknown().optional(),
});
type Point = z.infer<typeof pointSchema>;
const pointsSchema = z
  .looseObject({
    dataPoints: listOf(pointSchema),
    aggregationTemporality: z.unknown().optional(),
    isMonotonic: z.unknown().optional(),
  })
  .nullish();
const metricSchema = z.looseObject({
  name: z.string().default(''),
  unit: z.string().nullish(),
  gauge: pointsSchema,
  sum: pointsSchema,
  histogram: pointsSchema,
  exponentialHistogram: pointsSchema,
  summary: pointsSchema,
});
type Metric = z.infer<typeof metricSchema>;
const requestSchema = z.looseObject({
  resourceMetrics: listOf(
    z.looseObject({
      resource: resourceSchema,
      scopeMetrics: listOf(z.looseObject({ metrics: listOf(metricSchema) })),
    }),
  ),
});

/** AggregationTemporality: 1 is delta, 2 cumulative; in JSON also by name, which senders write though they should not. */
const deltaTemporality = new Set<unknown>([1, 'AGGREGATION_TEMPORALITY_DELTA']);
/** DataPointFlags: the series has ended, and its last point carries no value. */
const noRecordedValue = 1;

/**
 * @param first position of the request's first data point in the batch
 * @throws INPUT_INVALID when the request has another form.
 */
export function* otlpMetrics(
  request: unknown,
  defaults: { readonly instance: string | undefined },
  first = 0,
): Generator<Decoded<MetricCandidate>> {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw notOtlp('ExportMetricsServiceRequest', parsed.error);
  let index = first;
  for (const { resource, scopeMetrics } of parsed.data.resourceMetrics ?? []) {
    const instance = instanceOf(plainAttributes(resource?.attributes)) ?? defaults.instance;
    for (const { metrics } of scopeMetrics ?? []) {
      for (const metric of metrics ?? []) {
        for (const [kind, point, read] of dataPoints(metric)) {
          const at = readNanoseconds(point.timeUnixNano);
          const labels = plainAttributes(point.attributes);
          const series = cloudWatchSeries(metric.name, labels) ?? { metric: metric.name, instance, labels };
          const excerpt = (): string => excerptOf({ metric: metric.name, unit: metric.unit, kind, point });
          for (const { suffix = '', more = {}, value, counter } of read) {
            yield {
              index,
              candidate: {
                instance: series.instance ?? instance,
                metric: seriesName(`${series.metric}${suffix}`, { ...series.labels, ...more }),
                at,
                value: jsonNumber(value),
                kind: counter ? 'counter' : 'gauge',
                unit: metric.unit || null,
              },
              excerpt,
            };
          }
          index++;
        }
      }
    }
  }
}

interface Reading {
  readonly suffix?: string;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly value: unknown;
  readonly counter: boolean;
}

function* dataPoints(metric: Metric): Generator<[string, Point, Reading[]]> {
  for (const point of metric.gauge?.dataPoints ?? []) {
    yield ['gauge', point, unlessEnded(point, () => [{ value: numberOf(point), counter: false }])];
  }
  for (const point of metric.sum?.dataPoints ?? []) {
    const counter =
      metric.sum?.isMonotonic === true && !deltaTemporality.has(metric.sum.aggregationTemporality);
    yield ['sum', point, unlessEnded(point, () => [{ value: numberOf(point), counter }])];
  }
  for (const kind of ['histogram', 'exponentialHistogram'] as const) {
    for (const point of metric[kind]?.dataPoints ?? []) {
      const counter = !deltaTemporality.has(metric[kind]?.aggregationTemporality);
      yield [kind, point, unlessEnded(point, () => histogram(point, counter))];
    }
  }
  for (const point of metric.summary?.dataPoints ?? []) {
    yield ['summary', point, unlessEnded(point, () => summary(point))];
  }
}

function unlessEnded(point: Point, read: () => Reading[]): Reading[] {
  return (Number(point.flags ?? 0) & noRecordedValue) === 0 ? read() : [];
}

function numberOf(point: Point): unknown {
  return point['asDouble'] ?? (point['asInt'] === undefined ? undefined : Number(point['asInt']));
}

function histogram(point: Point, counter: boolean): Reading[] {
  const readings: Reading[] = [{ suffix: '_count', value: Number(point['count'] ?? 0), counter }];
  if (given(point['sum'])) readings.push({ suffix: '_sum', value: point['sum'], counter });
  for (const name of ['min', 'max'] as const) {
    if (given(point[name])) readings.push({ suffix: `_${name}`, value: point[name], counter: false });
  }
  const counts = listed(point['bucketCounts']);
  const bounds = listed(point['explicitBounds']);
  let total = 0;
  for (const [bucket, count] of counts.entries()) {
    total += Number(count);
    const bound = bucket < bounds.length ? String(jsonNumber(bounds[bucket])) : '+Inf';
    readings.push({ suffix: '_bucket', more: { le: bound }, value: total, counter });
  }
  return readings;
}

function summary(point: Point): Reading[] {
  const quantiles = listed(point['quantileValues']) as readonly { quantile?: unknown; value?: unknown }[];
  return [
    { suffix: '_count', value: Number(point['count'] ?? 0), counter: true },
    { suffix: '_sum', value: point['sum'] ?? 0, counter: true },
    ...quantiles.map(({ quantile = 0, value = 0 }) => ({
      more: { quantile: String(quantile) },
      value,
      counter: false,
    })),
  ];
}

function given(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function notOtlp(name: string, error: z.ZodError): QuarterdeckError {
  const [issue] = error.issues;
  return new QuarterdeckError('INPUT_INVALID', `the body is no ${name}: ${issue?.message ?? ''}`, {
    culprit: { field: issue?.path.join('.') ?? 'body' },
    cause: error,
  });
}
