import { excerptOf, type Decoded, type MetricCandidate, type Refusal } from '../batch';
import { fieldFor } from '../fields';

/**
 * Plain records of metrics: long ones (`instance, metric, timestamp, value`) and wide ones (`timestamp` and a column
 * for each metric). A record that has a column for the metric's name and one for the value is long.
 */
export interface MetricLayout {
  readonly instance: string | undefined;
  readonly time: string | undefined;
  /** Set for long records. */
  readonly long: { readonly metric: string; readonly value: string } | undefined;
  readonly unit: string | undefined;
  readonly kind: string | undefined;
  /** Columns that are metrics, for wide records. */
  readonly metrics: readonly string[];
}

export function metricLayout(columns: readonly string[]): MetricLayout {
  const metric = fieldFor('metric', columns);
  const value = fieldFor('value', columns);
  const instance = fieldFor('instance', columns);
  const time = fieldFor('time', columns);
  const long = metric !== undefined && value !== undefined ? { metric, value } : undefined;
  const unit = long && fieldFor('unit', columns);
  const kind = long && fieldFor('kind', columns);
  return {
    instance,
    time,
    long,
    unit,
    kind,
    metrics: long ? [] : columns.filter((column) => column !== instance && column !== time),
  };
}

export interface PlainMetricDefaults {
  readonly instance: string | undefined;
  /** Makes the time of a record from what stands in its time column; as it stands when not given. */
  readonly timeOf?: (value: unknown) => unknown;
  /** Text among the measurements of a wide record is a label, as in JSON, not a broken number, as in CSV. */
  readonly textIsLabel?: boolean;
}

/** The points of one record. In a wide record an empty cell is no measurement, and is passed over. */
export function* plainMetrics(
  index: number,
  record: Readonly<Record<string, unknown>>,
  layout: MetricLayout,
  { instance: otherwise, timeOf = (value) => value, textIsLabel = false }: PlainMetricDefaults,
): Generator<Decoded<MetricCandidate>> {
  const excerpt = (): string => excerptOf(record);
  const at = layout.time === undefined ? undefined : timeOf(record[layout.time]);
  const instance = textOf(layout.instance === undefined ? undefined : record[layout.instance]) ?? otherwise;
  if (layout.long) {
    const metric = textOf(record[layout.long.metric]);
    const unit = layout.unit === undefined ? undefined : textOf(record[layout.unit]);
    const kind = layout.kind === undefined ? undefined : textOf(record[layout.kind]);
    yield {
      index,
      candidate: {
        instance,
        metric: metric ?? '',
        at,
        value: numberOf(record[layout.long.value]),
        kind: isCounter(kind) ? 'counter' : 'gauge',
        unit: unit ?? null,
      },
      excerpt,
    };
    return;
  }
  let measured = 0;
  for (const metric of layout.metrics) {
    const cell = record[metric];
    if (cell === undefined || cell === null || cell === '') continue;
    const value = numberOf(cell);
    if (textIsLabel && typeof value !== 'number') continue;
    measured++;
    yield { index, candidate: { instance, metric, at, value, kind: 'gauge', unit: null }, excerpt };
  }
  if (measured === 0) yield { index, refusal: nothingMeasured, excerpt };
}

const nothingMeasured: Refusal = { code: 'VALUE_MISSING', message: 'the record holds no measurement' };

const counterWords = new Set(['counter', 'cumulative', 'monotonic', 'sum']);

function isCounter(kind: string | undefined): boolean {
  return kind !== undefined && counterWords.has(kind.toLowerCase());
}

/** A number as it is written, decimal point or exponent; anything else stays as it is, and is refused later. */
export function numberOf(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (/^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/.test(text)) return Number(text);
  if (/^[+-]?(?:nan|inf(?:inity)?)$/i.test(text)) return /nan/i.test(text) ? Number.NaN : Infinity;
  return value;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
