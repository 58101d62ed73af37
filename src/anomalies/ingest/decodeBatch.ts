import { QuarterdeckError } from '../../contracts';
import { parseJson } from '../../platform/http/json';
import { excerptOf, type Decoded, type MetricCandidate, type ReceivedBatch } from './batch';
import { diagnosticLogs, diagnosticMetrics, diagnosticRecords } from './decode/azureMonitor';
import { subscriptionLogs } from './decode/cloudWatchLogs';
import { isMetricStreamLine, metricStreamLine } from './decode/cloudWatchMetrics';
import { csvRecords } from './decode/csv';
import { envelopeData, envelopeLogs, envelopeMetrics } from './decode/firehose';
import { invalidText, linesOf, lossyText, objectsOf } from './decode/lines';
import { otlpLogs } from './decode/otlpLogs';
import { otlpMetrics } from './decode/otlpMetrics';
import { metricLayout, plainMetrics } from './decode/plainMetrics';
import { plainLine, plainLog, type PlainLogDefaults } from './decode/plainLogs';
import { remoteWriteMetrics } from './decode/remoteWrite';
import { RecordSplitter } from '../logs';
import type { RawLogRecord } from './logParsing';
import { decodeMessage } from './proto/messages';

type Body = Pick<ReceivedBatch, 'shape' | 'body' | 'instance' | 'source'>;

/**
 * The points of a batch, in its order. Nothing is decoded before the first is asked for.
 * @throws INPUT_INVALID when the body as a whole is not of its shape, INPUT_UNSUPPORTED when it carries no metrics.
 */
export function decodeMetrics(batch: Body, maximumBytes: number): Iterable<Decoded<MetricCandidate>> {
  const { shape, body, instance } = batch;
  const defaults = { instance, source: batch.source, maximumBytes };
  switch (shape) {
    case 'otlp-json':
      return otlpMetrics(parseJson(body), defaults);
    case 'otlp-protobuf':
      return otlpMetrics(decodeMessage('ExportMetricsServiceRequest', body), defaults);
    case 'firehose':
    case 'kinesis':
      return envelopeMetrics(envelopeData(parseJson(body)) ?? notOf(shape), defaults);
    case 'cloudwatch-metrics':
      return metricStreamLine(0, parseJson(body));
    case 'azure-monitor':
      return diagnosticMetrics(diagnosticRecords(parseJson(body)) ?? notOf(shape), defaults);
    case 'prometheus-remote-write':
      return remoteWriteMetrics(body, defaults);
    case 'ndjson':
      return objectsOf(body, (index, object) => plainObject(index, object, instance));
    case 'json':
      return jsonRecords(parseJson(body), (index, object) => plainObject(index, object, instance));
    case 'csv':
      return csvRecords(body, (columns) => {
        const layout = metricLayout(columns);
        return (index, record) => plainMetrics(index, record, layout, { instance });
      });
    case 'cloudwatch-logs':
    case 'text':
    case 'parquet':
    default:
      return notOf(shape);
  }
}

/** The log records of a batch; as `decodeMetrics`. */
export function decodeLogs(batch: Body, maximumBytes: number): Iterable<Decoded<RawLogRecord>> {
  const { shape, body, instance, source } = batch;
  const defaults = { instance, source, maximumBytes };
  switch (shape) {
    case 'otlp-json':
      return otlpLogs(parseJson(body), defaults);
    case 'otlp-protobuf':
      return otlpLogs(decodeMessage('ExportLogsServiceRequest', body), defaults);
    case 'firehose':
    case 'kinesis':
      return envelopeLogs(envelopeData(parseJson(body)) ?? notOf(shape), defaults);
    case 'cloudwatch-logs':
      return subscriptionLogs(parseJson(body), 0, defaults);
    case 'azure-monitor':
      return diagnosticLogs(diagnosticRecords(parseJson(body)) ?? notOf(shape), defaults);
    case 'ndjson':
      return objectsOf(body, (index, object) => [plainLog(index, object, defaults)]);
    case 'json':
      return jsonRecords(parseJson(body), (index, object) => [plainLog(index, object, defaults)]);
    case 'csv':
      return csvRecords(body, () => (index, record) => [plainLog(index, record, defaults)]);
    case 'text':
      return textRecords(body, defaults);
    case 'cloudwatch-metrics':
    case 'prometheus-remote-write':
    case 'parquet':
    default:
      return notOf(shape);
  }
}

function plainObject(
  index: number,
  object: Record<string, unknown>,
  instance: string | undefined,
): Iterable<Decoded<MetricCandidate>> {
  if (isMetricStreamLine(object)) return metricStreamLine(index, object);
  return plainMetrics(index, object, metricLayout(Object.keys(object)), { instance, textIsLabel: true });
}

/** A list of records, or one alone. */
function* jsonRecords<T>(
  value: unknown,
  read: (index: number, object: Record<string, unknown>) => Iterable<Decoded<T>>,
): Generator<Decoded<T>> {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  for (const [index, record] of records.entries()) {
    if (typeof record === 'object' && record !== null && !Array.isArray(record)) {
      yield* read(index, record as Record<string, unknown>);
    } else {
      const refusal = { code: 'RECORD_MALFORMED', message: 'not a JSON object' } as const;
      yield { index, refusal, excerpt: () => excerptOf(record) };
    }
  }
}

/** A line each, with the stack trace that follows a line folded into it. */
function* textRecords(body: Uint8Array, defaults: PlainLogDefaults): Generator<Decoded<RawLogRecord>> {
  const splitter = new RecordSplitter();
  let index = 0;
  for (const { text, bytes } of linesOf(body)) {
    if (text === undefined) {
      yield { index: index++, refusal: invalidText, excerpt: () => lossyText(bytes) };
    } else {
      for (const record of splitter.push(`${text}\n`)) yield plainLine(index++, record, defaults);
    }
  }
  for (const record of splitter.end()) yield plainLine(index++, record, defaults);
}

function notOf(shape: string): never {
  throw new QuarterdeckError('INPUT_UNSUPPORTED', `a body of the shape ${shape} cannot be taken here`, {
    culprit: { field: 'body' },
  });
}
