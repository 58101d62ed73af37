import type { INamespace } from 'protobufjs';

/**
 * Messages of the OpenTelemetry protocol, as data: names and field numbers of opentelemetry-proto 1.x (Apache-2.0,
 * https://github.com/open-telemetry/opentelemetry-proto), without what is passed over here (exemplars, trace data).
 * Fields that are not named are skipped when a message is read, as the format means it.
 */
type Field = readonly [number, string] | readonly [number, string, 'repeated'];

interface Message {
  readonly oneof?: Readonly<Record<string, readonly string[]>>;
  readonly fields: Readonly<Record<string, Field>>;
}

const messages: Readonly<Record<string, Message>> = {
  AnyValue: {
    oneof: {
      value: [
        'stringValue',
        'boolValue',
        'intValue',
        'doubleValue',
        'arrayValue',
        'kvlistValue',
        'bytesValue',
      ],
    },
    fields: {
      stringValue: [1, 'string'],
      boolValue: [2, 'bool'],
      intValue: [3, 'int64'],
      doubleValue: [4, 'double'],
      arrayValue: [5, 'ArrayValue'],
      kvlistValue: [6, 'KeyValueList'],
      bytesValue: [7, 'bytes'],
    },
  },
  ArrayValue: { fields: { values: [1, 'AnyValue', 'repeated'] } },
  KeyValueList: { fields: { values: [1, 'KeyValue', 'repeated'] } },
  KeyValue: { fields: { key: [1, 'string'], value: [2, 'AnyValue'] } },
  Resource: { fields: { attributes: [1, 'KeyValue', 'repeated'] } },
  InstrumentationScope: {
    fields: { name: [1, 'string'], version: [2, 'string'], attributes: [3, 'KeyValue', 'repeated'] },
  },

  ExportLogsServiceRequest: { fields: { resourceLogs: [1, 'ResourceLogs', 'repeated'] } },
  ResourceLogs: { fields: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'repeated'] } },
  ScopeLogs: { fields: { scope: [1, 'InstrumentationScope'], logRecords: [2, 'LogRecord', 'repeated'] } },
  LogRecord: {
    fields: {
      timeUnixNano: [1, 'fixed64'],
      severityNumber: [2, 'int32'],
      severityText: [3, 'string'],
      body: [5, 'AnyValue'],
      attributes: [6, 'KeyValue', 'repeated'],
      traceId: [9, 'bytes'],
      spanId: [10, 'bytes'],
      observedTimeUnixNano: [11, 'fixed64'],
      eventName: [12, 'string'],
    },
  },
  ExportLogsServiceResponse: { fields: { partialSuccess: [1, 'ExportLogsPartialSuccess'] } },
  ExportLogsPartialSuccess: { fields: { rejectedLogRecords: [1, 'int64'], errorMessage: [2, 'string'] } },

  ExportMetricsServiceRequest: { fields: { resourceMetrics: [1, 'ResourceMetrics', 'repeated'] } },
  ResourceMetrics: { fields: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics', 'repeated'] } },
  ScopeMetrics: { fields: { scope: [1, 'InstrumentationScope'], metrics: [2, 'Metric', 'repeated'] } },
  Metric: {
    oneof: { data: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] },
    fields: {
      name: [1, 'string'],
      unit: [3, 'string'],
      gauge: [5, 'Gauge'],
      sum: [7, 'Sum'],
      histogram: [9, 'Histogram'],
      exponentialHistogram: [10, 'ExponentialHistogram'],
      summary: [11, 'Summary'],
    },
  },
  Gauge: { fields: { dataPoints: [1, 'NumberDataPoint', 'repeated'] } },
  Sum: {
    fields: {
      dataPoints: [1, 'NumberDataPoint', 'repeated'],
      aggregationTemporality: [2, 'int32'],
      isMonotonic: [3, 'bool'],
    },
  },
  Histogram: {
    fields: { dataPoints: [1, 'HistogramDataPoint', 'repeated'], aggregationTemporality: [2, 'int32'] },
  },
  ExponentialHistogram: {
    fields: {
      dataPoints: [1, 'ExponentialHistogramDataPoint', 'repeated'],
      aggregationTemporality: [2, 'int32'],
    },
  },
  Summary: { fields: { dataPoints: [1, 'SummaryDataPoint', 'repeated'] } },
  NumberDataPoint: {
    oneof: { value: ['asDouble', 'asInt'] },
    fields: {
      timeUnixNano: [3, 'fixed64'],
      asDouble: [4, 'double'],
      asInt: [6, 'sfixed64'],
      attributes: [7, 'KeyValue', 'repeated'],
      flags: [8, 'uint32'],
    },
  },
  HistogramDataPoint: {
    oneof: { _sum: ['sum'], _min: ['min'], _max: ['max'] },
    fields: {
      timeUnixNano: [3, 'fixed64'],
      count: [4, 'fixed64'],
      sum: [5, 'double'],
      bucketCounts: [6, 'fixed64', 'repeated'],
      explicitBounds: [7, 'double', 'repeated'],
      attributes: [9, 'KeyValue', 'repeated'],
      flags: [10, 'uint32'],
      min: [11, 'double'],
      max: [12, 'double'],
    },
  },
  ExponentialHistogramDataPoint: {
    oneof: { _sum: ['sum'], _min: ['min'], _max: ['max'] },
    fields: {
      attributes: [1, 'KeyValue', 'repeated'],
      timeUnixNano: [3, 'fixed64'],
      count: [4, 'fixed64'],
      sum: [5, 'double'],
      zeroCount: [7, 'fixed64'],
      flags: [10, 'uint32'],
      min: [12, 'double'],
      max: [13, 'double'],
    },
  },
  SummaryDataPoint: {
    fields: {
      timeUnixNano: [3, 'fixed64'],
      count: [4, 'fixed64'],
      sum: [5, 'double'],
      quantileValues: [6, 'ValueAtQuantile', 'repeated'],
      attributes: [7, 'KeyValue', 'repeated'],
      flags: [8, 'uint32'],
    },
  },
  ValueAtQuantile: { fields: { quantile: [1, 'double'], value: [2, 'double'] } },
  ExportMetricsServiceResponse: { fields: { partialSuccess: [1, 'ExportMetricsPartialSuccess'] } },
  ExportMetricsPartialSuccess: { fields: { rejectedDataPoints: [1, 'int64'], errorMessage: [2, 'string'] } },

  /** google.rpc.Status, in which a refused request is told. */
  Status: { fields: { code: [1, 'int32'], message: [2, 'string'] } },
};

/** Prometheus remote write 1.0 (Apache-2.0, prometheus/prometheus, prompb): names and field numbers. */
const remoteWrite: Readonly<Record<string, Message>> = {
  WriteRequest: {
    fields: { timeseries: [1, 'TimeSeries', 'repeated'], metadata: [3, 'MetricMetadata', 'repeated'] },
  },
  TimeSeries: { fields: { labels: [1, 'Label', 'repeated'], samples: [2, 'Sample', 'repeated'] } },
  Label: { fields: { name: [1, 'string'], value: [2, 'string'] } },
  Sample: { fields: { value: [1, 'double'], timestamp: [2, 'int64'] } },
  MetricMetadata: { fields: { type: [1, 'int32'], metricFamilyName: [2, 'string'], unit: [5, 'string'] } },
};

/** In the form that protobufjs builds its types from. */
export const definitions: INamespace = {
  nested: Object.fromEntries(
    Object.entries({ ...messages, ...remoteWrite }).map(([name, { oneof, fields }]) => [
      name,
      {
        ...(oneof && {
          oneofs: Object.fromEntries(
            Object.entries(oneof).map(([group, members]) => [group, { oneof: [...members] }]),
          ),
        }),
        fields: Object.fromEntries(
          Object.entries(fields).map(([field, [id, type, rule]]) => [
            field,
            { type, id, ...(rule && { rule }) },
          ]),
        ),
      },
    ]),
  ),
};
