import { z } from 'zod';
import { excerptOf, type Decoded, type MetricCandidate } from '../batch';
import type { RawLogRecord } from '../logParsing';
import type { PlainLogDefaults } from './plainLogs';
import { deepestRecord, isDeeperThan } from './lines';
import { seriesName } from './seriesName';

/**
 * Azure Monitor diagnostic records, as diagnostic settings send them to an event hub or storage: `{records: […]}`
 * (Azure Monitor, "Resource logs schema" and "Platform metrics export").
 */
const envelopeSchema = z.looseObject({ records: z.array(z.record(z.string(), z.unknown())) });
type DiagnosticRecord = Readonly<Record<string, unknown>>;

/** The records of one envelope, or of several in a list as an event hub batches them; undefined when it is none. */
export function diagnosticRecords(value: unknown): readonly DiagnosticRecord[] | undefined {
  const envelopes = Array.isArray(value) ? value : [value];
  if (envelopes.length === 0) return undefined;
  const records: DiagnosticRecord[] = [];
  for (const envelope of envelopes) {
    const parsed = envelopeSchema.safeParse(envelope);
    if (!parsed.success) return undefined;
    records.push(...parsed.data.records);
  }
  // Anybody may call a list `records`: these name a resource, or at least their time.
  const known = records.some((record) => resourceOf(record) !== undefined || record['time'] !== undefined);
  return known || records.length === 0 ? records : undefined;
}

/** The resource's own name: the end of its id, which Azure compares without case. */
function resourceOf(record: DiagnosticRecord): string | undefined {
  const id = textOf(record['resourceId']) ?? textOf(record['ResourceId']);
  return id
    ?.split('/')
    .findLast((part) => part !== '')
    ?.toLowerCase();
}

const statistics = ['total', 'average', 'minimum', 'maximum', 'count'] as const;

/** Each statistic of a record is a metric of its own: `Percentage CPU_average`. */
export function* diagnosticMetrics(
  records: readonly DiagnosticRecord[],
  defaults: { readonly instance: string | undefined },
): Generator<Decoded<MetricCandidate>> {
  for (const [index, record] of records.entries()) {
    const excerpt = (): string => excerptOf(record);
    const name = textOf(record['metricName']);
    const given = statistics.filter(
      (statistic) => record[statistic] !== undefined && record[statistic] !== null,
    );
    if (name === undefined || given.length === 0) {
      const message =
        'not a metric: it has no metricName, or none of total, average, minimum, maximum, count';
      yield { index, refusal: { code: 'RECORD_MALFORMED', message }, excerpt };
      continue;
    }
    const dimensions = record['dimension'] ?? record['dimensions'];
    const labels = typeof dimensions === 'object' && dimensions !== null ? { ...dimensions } : {};
    for (const statistic of given) {
      yield {
        index,
        candidate: {
          instance: resourceOf(record) ?? defaults.instance,
          metric: seriesName(`${name}_${statistic}`, labels),
          at: record['time'],
          value: record[statistic],
          kind: 'gauge',
          unit: statistic === 'count' ? '1' : (textOf(record['unit']) ?? null),
        },
        excerpt,
      };
    }
  }
}

/** What is not repeated in the metadata: it became a column. */
const taken = new Set(['time', 'level', 'resourceId', 'ResourceId', 'category']);

export function* diagnosticLogs(
  records: readonly DiagnosticRecord[],
  defaults: PlainLogDefaults,
): Generator<Decoded<RawLogRecord>> {
  for (const [index, record] of records.entries()) {
    const properties = propertiesOf(record['properties']);
    const { message = properties['Message'], log = properties['log'] } = properties;
    const text =
      textOf(message) ??
      textOf(log) ??
      textOf(record['resultDescription']) ??
      textOf(record['operationName']);
    yield {
      index,
      candidate: {
        text: text ?? JSON.stringify(record),
        instance: resourceOf(record) ?? defaults.instance,
        at: record['time'],
        level: record['level'] ?? properties['level'],
        source: textOf(record['category']) ?? defaults.source,
        attributes: Object.fromEntries(Object.entries(record).filter(([name]) => !taken.has(name))),
      },
      excerpt: () => excerptOf(record),
    };
  }
}

/** Some services write their properties as JSON inside a text. */
function propertiesOf(value: unknown): Readonly<Record<string, unknown>> {
  let found = value;
  if (typeof value === 'string' && value.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(value);
      found = isDeeperThan(parsed, deepestRecord) ? { message: value } : parsed;
    } catch {
      // Then it is text that begins with a brace.
      found = { message: value };
    }
  } else if (typeof value === 'string') found = { message: value };
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
