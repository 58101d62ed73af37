import { describe, expect, test } from '@jest/globals';
import {
  JsonLogsSerializer,
  JsonMetricsSerializer,
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
} from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { withPlatform } from '../../support/platform';
import { testClock } from '../../support/testClock';
import { post } from './ingestRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };
const resource = resourceFromAttributes({ 'host.name': 'web-1', 'service.name': 'shop' });
/** The SDKs stamp with the machine's own time. */
const atNow = () => platforms({ clock: testClock(Date.now()) });

/** The serializers' package has a copy of the SDK's types of its own. */
type Exported = Parameters<typeof ProtobufMetricsSerializer.serializeRequest>[0];

/** What the OpenTelemetry SDK exports of a counter, a gauge and a histogram. */
async function measured(temporality: AggregationTemporality): Promise<Exported> {
  const exporter = new InMemoryMetricExporter(temporality);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ resource, readers: [reader] });
  const meter = provider.getMeter('test');
  meter.createCounter('requests', { unit: '{request}' }).add(3, { route: '/a' });
  meter.createUpDownCounter('sessions').add(5);
  meter.createGauge('temperature', { unit: 'Cel' }).record(21.5);
  const histogram = meter.createHistogram('latency', {
    unit: 'ms',
    advice: { explicitBucketBoundaries: [10, 100] },
  });
  for (const value of [5, 50, 500]) histogram.record(value);
  await reader.forceFlush();
  const [exported] = exporter.getMetrics();
  await provider.shutdown();
  return exported as unknown as Exported;
}

const otlp = { path: 'api/otlp/v1/metrics', contentType: 'application/x-protobuf' };

describe('metrics of the OpenTelemetry SDK', () => {
  test.each(['protobuf', 'json'] as const)('in %s are stored by name, kind and unit', async (encoding) => {
    const platform = await atNow();
    const exported = await measured(AggregationTemporality.CUMULATIVE);
    const serializer = encoding === 'json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
    const answer = await post(platform, 'metrics', {
      ...otlp,
      contentType: encoding === 'json' ? 'application/json' : 'application/x-protobuf',
      body: serializer.serializeRequest(exported)!,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain(encoding === 'json' ? 'application/json' : 'x-protobuf');
    expect(serializer.deserializeResponse(answer.bytes).partialSuccess ?? undefined).toBeUndefined();
    const catalog = await platform.warehouse.metricCatalog({}, signal);
    expect(catalog.map(({ instance, metric, kind, unit }) => [instance, metric, kind, unit])).toEqual([
      ['shop@web-1', 'latency_bucket{le="+Inf"}', 'counter', 'ms'],
      ['shop@web-1', 'latency_bucket{le="10"}', 'counter', 'ms'],
      ['shop@web-1', 'latency_bucket{le="100"}', 'counter', 'ms'],
      ['shop@web-1', 'latency_count', 'counter', 'ms'],
      ['shop@web-1', 'latency_max', 'gauge', 'ms'],
      ['shop@web-1', 'latency_min', 'gauge', 'ms'],
      ['shop@web-1', 'latency_sum', 'counter', 'ms'],
      ['shop@web-1', 'requests{route="/a"}', 'counter', '{request}'],
      ['shop@web-1', 'sessions', 'gauge', null],
      ['shop@web-1', 'temperature', 'gauge', 'Cel'],
    ]);
  });

  test('as deltas are gauges of what was added', async () => {
    const platform = await atNow();
    const exported = await measured(AggregationTemporality.DELTA);
    await post(platform, 'metrics', { ...otlp, body: ProtobufMetricsSerializer.serializeRequest(exported)! });
    const kinds = new Map(
      (await platform.warehouse.metricCatalog({}, signal)).map(({ metric, kind }) => [metric, kind]),
    );
    expect(kinds.get('requests{route="/a"}')).toBe('gauge');
    expect(kinds.get('latency_count')).toBe('gauge');
  });
});

describe('logs of the OpenTelemetry SDK', () => {
  test.each(['protobuf', 'json'] as const)(
    'in %s are stored with level, source and trace',
    async (encoding) => {
      const platform = await atNow();
      const exporter = new InMemoryLogRecordExporter();
      const provider = new LoggerProvider({
        resource,
        processors: [new SimpleLogRecordProcessor({ exporter })],
      });
      const logger = provider.getLogger('checkout');
      logger.emit({
        severityNumber: SeverityNumber.ERROR,
        severityText: 'ERROR',
        body: 'payment failed',
        attributes: { order: 17 },
      });
      logger.emit({ body: { nested: { deep: [1, 'two', true] } } });
      const records = exporter.getFinishedLogRecords();
      const serializer = encoding === 'json' ? JsonLogsSerializer : ProtobufLogsSerializer;
      const answer = await post(platform, 'logs', {
        path: 'api/otlp/v1/logs',
        contentType: encoding === 'json' ? 'application/json' : 'application/x-protobuf',
        body: serializer.serializeRequest(records)!,
      });
      expect(answer.status).toBe(200);
      const events = await platform.warehouse.logEventsBetween(all, signal);
      const byLevel = Object.fromEntries(events.map((event) => [event.level, event]));
      expect(byLevel['error']).toMatchObject({
        instance: 'shop@web-1',
        source: 'checkout',
        message: 'payment failed',
      });
      expect(JSON.parse(byLevel['error']!.metadataJson)).toMatchObject({ order: 17, 'service.name': 'shop' });
      expect(events).toHaveLength(2);
    },
  );
});

const nano = `${Date.UTC(2026, 9, 5, 11, 59)}000000`;
const point = (fields: object) => ({ timeUnixNano: nano, ...fields });
const request = (metrics: readonly object[]) => ({
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'host.name', value: { stringValue: 'web-1' } }] },
      scopeMetrics: [{ metrics }],
    },
  ],
});
const json = (value: object) => ({ contentType: 'application/json', body: JSON.stringify(value) });

describe('OTLP as the protocol has it', () => {
  test('64-bit integers are text, doubles may be NaN in words, and what is refused is counted', async () => {
    const platform = await platforms();
    const body = request([
      {
        name: 'a',
        gauge: { dataPoints: [point({ asInt: '9007199254740993' }), point({ asDouble: 'NaN' })] },
      },
      { name: 'b', gauge: { dataPoints: [point({ asDouble: 'Infinity' }), { asDouble: 1 }] } },
      { name: 'ended', gauge: { dataPoints: [point({ flags: 1 })] } },
    ]);
    const { status, receipt } = await post(platform, 'metrics', json(body));
    expect(status).toBe(200);
    expect(receipt).toMatchObject({
      shape: 'otlp-json',
      accepted: 1,
      partialSuccess: { rejectedDataPoints: '3', errorMessage: expect.stringContaining('VALUE_NOT_FINITE') },
    });
    expect(receipt.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, 'VALUE_NOT_FINITE'],
      [2, 'VALUE_NOT_FINITE'],
      [3, 'TIME_MISSING'],
    ]);
  });

  test('summaries and exponential histograms have their parts', async () => {
    const platform = await platforms();
    const body = request([
      {
        name: 's',
        summary: {
          dataPoints: [
            point({
              count: '4',
              sum: 10,
              quantileValues: [
                { quantile: 0.5, value: 2 },
                { quantile: 1, value: 7 },
              ],
            }),
          ],
        },
      },
      {
        name: 'e',
        exponentialHistogram: {
          aggregationTemporality: 2,
          dataPoints: [point({ count: '2', sum: 3, max: 2 })],
        },
      },
    ]);
    await post(platform, 'metrics', json(body));
    expect((await platform.warehouse.metricCatalog({}, signal)).map(({ metric }) => metric)).toEqual([
      'e_count',
      'e_max',
      'e_sum',
      's_count',
      's_sum',
      's{quantile="0.5"}',
      's{quantile="1"}',
    ]);
  });

  test('an empty export is accepted in both encodings', async () => {
    const platform = await platforms();
    expect((await post(platform, 'metrics', { ...otlp, body: new Uint8Array(0) })).status).toBe(200);
    expect((await post(platform, 'metrics', { ...otlp, ...json({}) })).status).toBe(200);
  });

  test('bytes that are no message are refused with a Status in the same encoding', async () => {
    const platform = await platforms();
    const answer = await post(platform, 'metrics', {
      ...otlp,
      body: Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f]),
    });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/x-protobuf');
    // Field 1: code 3 (INVALID_ARGUMENT); field 2: the message.
    expect([...answer.bytes.subarray(0, 3)]).toEqual([0x08, 3, 0x12]);
    expect(answer.text).toContain('INPUT_INVALID');
    const text = await post(platform, 'metrics', {
      ...otlp,
      contentType: 'application/json',
      body: '{"resourceMetrics":7}',
    });
    expect(text.status).toBe(400);
    expect(text.receipt).toMatchObject({ code: 3, message: expect.stringContaining('INPUT_INVALID') });
  });

  test('trace ids are hexadecimal in JSON, levels may come as names', async () => {
    const platform = await platforms();
    const body = {
      resourceLogs: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeLogs: [
            {
              logRecords: [
                {
                  observedTimeUnixNano: nano,
                  severityNumber: 'SEVERITY_NUMBER_WARN',
                  body: { stringValue: 'slow' },
                  traceId: '5B8EFFF798038103D269B633813FC60C',
                  spanId: '0000000000000000',
                },
              ],
            },
          ],
        },
      ],
    };
    await post(platform, 'logs', json(body));
    const [event] = await platform.warehouse.logEventsBetween(all, signal);
    expect(event).toMatchObject({
      instance: 'shop',
      level: 'warning',
      at: '2026-10-05T11:59:00.000000Z',
      source: 'shop',
    });
    expect(JSON.parse(event!.metadataJson)).toEqual({
      'service.name': 'shop',
      trace_id: '5b8efff798038103d269b633813fc60c',
    });
  });
});
