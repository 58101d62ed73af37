import { describe, expect, test } from '@jest/globals';
import { compress } from 'snappyjs';
import { Root } from 'protobufjs';
import { withPlatform } from '../../support/platform';
import { post } from './ingestRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const atMs = Date.UTC(2026, 9, 5, 11, 59);

/** Written from the published prompb definitions, not from those under test. */
const WriteRequest = Root.fromJSON({
  nested: {
    WriteRequest: {
      fields: {
        timeseries: { id: 1, rule: 'repeated', type: 'TimeSeries' },
        metadata: { id: 3, rule: 'repeated', type: 'MetricMetadata' },
      },
    },
    TimeSeries: {
      fields: {
        labels: { id: 1, rule: 'repeated', type: 'Label' },
        samples: { id: 2, rule: 'repeated', type: 'Sample' },
      },
    },
    Label: { fields: { name: { id: 1, type: 'string' }, value: { id: 2, type: 'string' } } },
    Sample: { fields: { value: { id: 1, type: 'double' }, timestamp: { id: 2, type: 'int64' } } },
    MetricMetadata: {
      fields: {
        type: { id: 1, type: 'int32' },
        metricFamilyName: { id: 2, type: 'string' },
        unit: { id: 5, type: 'string' },
      },
    },
  },
}).lookupType('WriteRequest');

type Labels = Readonly<Record<string, string>>;
const series = (labels: Labels, values: readonly number[]) => ({
  labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
  samples: values.map((value, index) => ({ value, timestamp: atMs - index * 1_000 })),
});
const encode = (timeseries: readonly object[], metadata: readonly object[] = []): Uint8Array =>
  WriteRequest.encode(WriteRequest.fromObject({ timeseries, metadata })).finish();

const headers = {
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
};
const contentType = 'application/x-protobuf';
const web = { instance: 'web-1:9100', job: 'node' };

/** The bits by which Prometheus marks the end of a series. */
function withStaleMark(bytes: Uint8Array, placeholder: number): Uint8Array {
  const copy = Buffer.from(bytes);
  const wanted = Buffer.alloc(8);
  wanted.writeDoubleLE(placeholder);
  copy.writeBigUInt64LE(0x7ff0000000000002n, copy.indexOf(wanted));
  return copy;
}

describe('Prometheus remote write', () => {
  test('stores samples by name and labels; what only grows is a counter', async () => {
    const platform = await platforms();
    const body = encode(
      [
        series({ __name__: 'node_load1', ...web }, [0.5, 0.25]),
        series({ __name__: 'http_requests_total', ...web, code: '500', b: 'x"y' }, [7]),
        series({ __name__: 'odd_counter', job: 'batch' }, [1]),
      ],
      [{ type: 1, metricFamilyName: 'odd_counter', unit: 'seconds' }],
    );
    const answer = await post(platform, 'metrics', { contentType, headers, body: compress(body) });
    expect(answer.status).toBe(204);
    expect(answer.text).toBe('');
    const catalog = await platform.warehouse.metricCatalog({}, signal);
    expect(catalog.map(({ instance, metric, kind, points }) => [instance, metric, kind, points])).toEqual([
      ['batch', 'odd_counter{job="batch"}', 'counter', 1],
      ['web-1', String.raw`http_requests_total{b="x\"y",code="500",job="node"}`, 'counter', 1],
      ['web-1', 'node_load1{job="node"}', 'gauge', 2],
    ]);
  });

  test('answers 400 for bad samples, and stores the others; the end of a series is no sample', async () => {
    const platform = await platforms();
    const bad = encode([series({ __name__: 'up', ...web }, [1, Number.NaN])]);
    const answer = await post(platform, 'metrics', { contentType, headers, body: compress(bad) });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('text/plain');
    expect(answer.text).toContain('VALUE_NOT_FINITE');
    const ended = withStaleMark(encode([series({ __name__: 'up', ...web }, [123.456])]), 123.456);
    expect((await post(platform, 'metrics', { contentType, headers, body: compress(ended) })).status).toBe(
      204,
    );
    expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([{ points: 1 }]);
  });

  test.each([
    ['that is no snappy', Buffer.from('not snappy at all'), 400, 'INPUT_INVALID'],
    ['that announces 2 GB', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x07, 0x00]), 413, 'INPUT_TOO_LARGE'],
    ['whose length never ends', Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 400, 'INPUT_INVALID'],
    [
      'that is cut short',
      Buffer.from(compress(Buffer.alloc(5_000, 'abc'))).subarray(0, 20),
      400,
      'INPUT_INVALID',
    ],
    ['of another message', Buffer.from(compress(Buffer.from([0x0a, 0x7f]))), 400, 'INPUT_INVALID'],
  ])('refuses a body %s', async (_name, body, status, code) => {
    const platform = await platforms();
    const answer = await post(platform, 'metrics', { contentType, headers, body });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(code);
  });

  test('of version 2 is refused with 415, so that the sender falls back', async () => {
    const platform = await platforms();
    const answer = await post(platform, 'metrics', {
      contentType: `${contentType};proto=io.prometheus.write.v2.Request`,
      headers: { ...headers, 'x-prometheus-remote-write-version': '2.0.0' },
      body: compress(encode([])),
    });
    expect(answer.status).toBe(415);
  });
});
