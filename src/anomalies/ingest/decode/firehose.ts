import { BufferReader, type Reader } from 'protobufjs';
import { z } from 'zod';
import { QuarterdeckError } from '../../../contracts';
import { excerptOf, type Decoded, type MetricCandidate, type Refusal } from '../batch';
import type { RawLogRecord } from '../logParsing';
import { decodeMessage } from '../proto/messages';
import { InflationBudget } from './awsPayload';
import { subscriptionLogs, isSubscription } from './cloudWatchLogs';
import { metricStreamLine, isMetricStreamLine } from './cloudWatchMetrics';
import { linesOf, parseObject } from './lines';
import { otlpMetrics } from './otlpMetrics';
import { metricLayout, plainMetrics } from './plainMetrics';
import { plainLine, plainLog, type PlainLogDefaults } from './plainLogs';

/**
 * What Amazon Data Firehose sends to an HTTP endpoint (Firehose Developer Guide, "HTTP endpoint delivery request and
 * response specifications"), and the same data as Lambda gets it from Kinesis or a log subscription.
 */
const firehoseSchema = z.looseObject({
  requestId: z.string().min(1),
  timestamp: z.number(),
  records: z.array(z.looseObject({ data: z.unknown().optional() })),
});
const kinesisSchema = z.looseObject({
  Records: z.array(z.looseObject({ kinesis: z.looseObject({ data: z.unknown().optional() }) })),
});
const lambdaSchema = z.looseObject({ awslogs: z.looseObject({ data: z.unknown().optional() }) });

export function firehoseEnvelope(value: unknown): { requestId: string; timestamp: number } | undefined {
  return firehoseSchema.safeParse(value).data;
}

/** The data of every record of an envelope; undefined when the value is none. */
export function envelopeData(value: unknown): readonly unknown[] | undefined {
  const firehose = firehoseSchema.safeParse(value);
  if (firehose.success) return firehose.data.records.map(({ data }) => data);
  const kinesis = kinesisSchema.safeParse(value);
  if (kinesis.success) return kinesis.data.Records.map(({ kinesis: record }) => record.data);
  const lambda = lambdaSchema.safeParse(value);
  return lambda.success ? [lambda.data.awslogs.data] : undefined;
}

export interface EnvelopeDefaults extends PlainLogDefaults {
  /** Bytes that all records together may inflate to. */
  readonly maximumBytes: number;
}

/** Log records: those of a subscription, or lines of JSON or text. `index` counts records of the log, not of the envelope. */
export function* envelopeLogs(
  data: readonly unknown[],
  defaults: EnvelopeDefaults,
): Generator<Decoded<RawLogRecord>> {
  const budget = new InflationBudget(defaults.maximumBytes);
  let index = 0;
  for (const record of data) {
    const read = budget.read(record);
    if ('refusal' in read) {
      yield { index: index++, refusal: read.refusal, excerpt: () => excerptOf(record) };
      continue;
    }
    for (const { text } of linesOf(read.bytes)) {
      const parsed = text === undefined ? undefined : parseObject(text);
      const object = parsed && 'object' in parsed ? parsed.object : undefined;
      if (text === undefined) yield notText(index++, record);
      else if (object && isSubscription(object)) {
        for (const event of subscriptionLogs(object, index, defaults)) {
          index++;
          yield event;
        }
      } else if (object) yield plainLog(index++, object, defaults);
      else yield plainLine(index++, text, defaults);
    }
  }
}

function notText(index: number, record: unknown): Decoded<never> {
  const refusal: Refusal = { code: 'RECORD_MALFORMED', message: 'the data is not valid UTF-8' };
  return { index, refusal, excerpt: () => excerptOf(record) };
}

/** Points: of a metric stream in JSON or in OpenTelemetry 1.0, or of lines of plain records. */
export function* envelopeMetrics(
  data: readonly unknown[],
  defaults: EnvelopeDefaults,
): Generator<Decoded<MetricCandidate>> {
  const budget = new InflationBudget(defaults.maximumBytes);
  let index = 0;
  for (const record of data) {
    const read = budget.read(record);
    if ('refusal' in read) {
      yield { index: index++, refusal: read.refusal, excerpt: () => excerptOf(record) };
    } else if (isJsonLines(read.bytes)) {
      for (const { text } of linesOf(read.bytes)) {
        if (text === undefined) yield notText(index, record);
        else yield* linePoints(index, text, defaults);
        index++;
      }
    } else {
      for (const point of delimitedPoints(read.bytes, index, record, defaults)) {
        index = point.index + 1;
        yield point;
      }
    }
  }
}

function* linePoints(
  index: number,
  text: string,
  defaults: EnvelopeDefaults,
): Generator<Decoded<MetricCandidate>> {
  const parsed = parseObject(text);
  if ('refusal' in parsed) {
    yield { index, refusal: parsed.refusal, excerpt: () => excerptOf(text) };
    return;
  }
  const { object } = parsed;
  if (isMetricStreamLine(object)) yield* metricStreamLine(index, object);
  else
    yield* plainMetrics(index, object, metricLayout(Object.keys(object)), { ...defaults, textIsLabel: true });
}

function isJsonLines(bytes: Uint8Array): boolean {
  return bytes.find((byte) => byte > 0x20) === 0x7b;
}

/** Requests one after the other, each with its length before it as a varint. */
function* delimitedPoints(
  bytes: Uint8Array,
  first: number,
  record: unknown,
  defaults: EnvelopeDefaults,
): Generator<Decoded<MetricCandidate>> {
  const reader: Reader = new BufferReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let index = first;
  while (reader.pos < reader.len) {
    let points: Decoded<MetricCandidate>[];
    try {
      const length = reader.uint32();
      if (reader.pos + length > reader.len) throw new RangeError('the length is beyond the end');
      const message = bytes.subarray(reader.pos, reader.pos + length);
      reader.skip(length);
      points = [...otlpMetrics(decodeMessage('ExportMetricsServiceRequest', message), defaults, index)];
    } catch (error) {
      const why =
        error instanceof QuarterdeckError || error instanceof RangeError ? error.message : 'not protobuf';
      const message = `neither JSON lines nor size-delimited OpenTelemetry: ${why}`;
      yield { index, refusal: { code: 'RECORD_MALFORMED', message }, excerpt: () => excerptOf(record) };
      return;
    }
    yield* points;
    index = (points.at(-1)?.index ?? index - 1) + 1;
  }
}
