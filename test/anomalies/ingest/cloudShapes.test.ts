import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { IngestReceipt } from '../../../src/contracts';
import { encodeMessage } from '../../../src/anomalies/ingest/proto/messages';
import { withPlatform } from '../../support/platform';
import { post } from './ingestRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };
const atMs = Date.UTC(2026, 9, 5, 11, 59);
const base64 = (data: string | Uint8Array): string => Buffer.from(data).toString('base64');
const json = (value: unknown) => ({ contentType: 'application/json', body: JSON.stringify(value) });

const subscription = (fields: object = {}) => ({
  messageType: 'DATA_MESSAGE',
  owner: '123456789012',
  logGroup: '/app/prod',
  logStream: 'i-0abc',
  subscriptionFilters: ['all'],
  logEvents: [
    { id: 'event-1', timestamp: atMs, message: 'ERROR disk is full' },
    { id: 'event-2', timestamp: atMs + 1_000, message: 'all is well' },
  ],
  ...fields,
});
const zipped = (value: unknown): string => base64(gzipSync(JSON.stringify(value)));

describe('Firehose', () => {
  const requestId = 'ed4acda5-034f-9f42-bba1-f29aea6d7d8f';
  const delivery = (data: readonly unknown[], id = requestId) => ({
    ...json({ requestId: id, timestamp: atMs, records: data.map((one) => ({ data: one })) }),
    headers: { 'x-amz-firehose-request-id': id, 'x-amz-firehose-protocol-version': '1.0' },
  });

  test('brings log events, passes over control messages, and is answered in its form', async () => {
    const platform = await platforms();
    const answer = await post(
      platform,
      'logs',
      delivery([
        zipped(subscription()),
        zipped({
          ...subscription(),
          messageType: 'CONTROL_MESSAGE',
          logEvents: [{ id: 'x', timestamp: atMs, message: 'CWL CONTROL MESSAGE' }],
        }),
        zipped(
          subscription({
            logStream: '2026/10/05/[$LATEST]abc',
            logGroup: '/aws/lambda/pay',
            logEvents: [{ id: 'event-3', timestamp: atMs, message: 'started' }],
          }),
        ),
      ]),
    );
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(answer.text)).toEqual({ requestId, timestamp: platform.clock.now() });
    const events = await platform.warehouse.logEventsBetween(all, signal);
    expect(events.map(({ instance, source, level }) => [instance, source, level])).toEqual(
      expect.arrayContaining([
        ['i-0abc', '/app/prod', 'error'],
        ['i-0abc', '/app/prod', 'info'],
        ['/aws/lambda/pay', '/aws/lambda/pay', 'info'],
      ]),
    );
    expect(events).toHaveLength(3);
  });

  test('that delivers a request again stores its records once', async () => {
    const platform = await platforms();
    for (let round = 0; round < 2; round++) {
      platform.clock.advance(60_000);
      await post(platform, 'logs', delivery([zipped(subscription())]));
    }
    expect(await platform.warehouse.logEventsBetween(all, signal)).toHaveLength(2);
  });

  test('is told its request id when it is refused, whatever is wrong', async () => {
    const platform = await platforms();
    const headers = { 'x-amz-firehose-request-id': requestId };
    const answer = await post(platform, 'logs', { contentType: 'application/json', body: '{', headers });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toEqual({
      requestId,
      timestamp: platform.clock.now(),
      errorMessage: expect.stringContaining('INPUT_'),
    });
  });

  test('brings a metric stream in JSON', async () => {
    const platform = await platforms();
    const line = (fields: object) =>
      JSON.stringify({
        metric_stream_name: 'stream',
        account_id: '1',
        region: 'eu-west-1',
        namespace: 'AWS/EC2',
        metric_name: 'CPUUtilization',
        dimensions: { InstanceId: 'i-1' },
        timestamp: atMs,
        value: { max: 2, min: 1, sum: 3, count: 2 },
        unit: 'Percent',
        ...fields,
      });
    await post(platform, 'metrics', delivery([base64(`${line({})}\n${line({ dimensions: {} })}\n`)]));
    expect(
      (await platform.warehouse.metricCatalog({}, signal)).map(({ instance, metric, unit }) => [
        instance,
        metric,
        unit,
      ]),
    ).toEqual([
      ...['average', 'count', 'max', 'min', 'sum'].map((part) => [
        'AWS/EC2',
        `AWS/EC2/CPUUtilization_${part}`,
        part === 'count' ? '1' : 'Percent',
      ]),
      ...['average', 'count', 'max', 'min', 'sum'].map((part) => [
        'i-1',
        `AWS/EC2/CPUUtilization_${part}`,
        part === 'count' ? '1' : 'Percent',
      ]),
    ]);
  });

  test('brings a metric stream in OpenTelemetry 1.0, and sets aside the record whose length lies', async () => {
    const platform = await platforms();
    const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
    const message = encodeMessage('ExportMetricsServiceRequest', {
      resourceMetrics: [
        {
          resource: { attributes: [text('cloud.provider', 'aws')] },
          scopeMetrics: [
            {
              metrics: [
                {
                  name: 'amazonaws.com/AWS/EC2/CPUUtilization',
                  unit: '%',
                  summary: {
                    dataPoints: [
                      {
                        timeUnixNano: `${atMs}000000`,
                        count: 2,
                        sum: 3,
                        quantileValues: [
                          { quantile: 0, value: 1 },
                          { quantile: 1, value: 2 },
                        ],
                        attributes: [
                          text('Namespace', 'AWS/EC2'),
                          text('MetricName', 'CPUUtilization'),
                          {
                            key: 'Dimensions',
                            value: { kvlistValue: { values: [text('InstanceId', 'i-1')] } },
                          },
                        ],
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
    });
    // The length comes first, as a varint of two bytes.
    const delimited = Buffer.concat([
      Buffer.from([(message.length & 0x7f) | 0x80, message.length >> 7]),
      message,
    ]);
    await post(
      platform,
      'metrics',
      delivery([base64(Buffer.concat([delimited, delimited])), base64(delimited.subarray(0, 40))]),
    );
    expect(
      (await platform.warehouse.metricCatalog({}, signal)).map(({ instance, metric }) => [instance, metric]),
    ).toEqual([
      ['i-1', 'AWS/EC2/CPUUtilization_count'],
      ['i-1', 'AWS/EC2/CPUUtilization_sum'],
      ['i-1', 'AWS/EC2/CPUUtilization{quantile="0"}'],
      ['i-1', 'AWS/EC2/CPUUtilization{quantile="1"}'],
    ]);
    const [aside] = await platform.warehouse.quarantined({ source: 'ingest', limit: 5 }, signal);
    expect(aside).toMatchObject({
      reasonCode: 'RECORD_MALFORMED',
      detail: expect.stringContaining('beyond the end'),
    });
  });

  test('records that are no base64, damaged gzip or a bomb are set aside alone', async () => {
    const platform = await platforms({ environment: { INGEST_MAX_BODY_BYTES: '100000' } });
    const damaged = gzipSync('x'.repeat(1_000));
    damaged.fill(0, 12);
    await post(
      platform,
      'logs',
      delivery(['***', base64(damaged), base64(gzipSync(Buffer.alloc(2_000_000))), zipped(subscription())]),
    );
    expect(await platform.warehouse.logEventsBetween(all, signal)).toHaveLength(2);
    const aside = await platform.warehouse.quarantined({ source: 'ingest', limit: 5 }, signal);
    expect(aside.map(({ reasonCode }) => reasonCode)).toEqual([
      'RECORD_MALFORMED',
      'RECORD_MALFORMED',
      'RECORD_TOO_LARGE',
    ]);
  });
});

test.each([
  ['a Lambda function', { awslogs: { data: zipped(subscription()) } }],
  ['Kinesis', { Records: [{ eventID: '1', kinesis: { data: zipped(subscription()) } }] }],
  ['nothing around it', subscription()],
])('log events in the form of %s are understood', async (_name, value) => {
  const platform = await platforms();
  const { status, receipt } = await post(platform, 'logs', json(value));
  expect(status).toBe(200);
  expect(receipt).toMatchObject({ accepted: 2 });
});

describe('Azure Monitor', () => {
  const resourceId = '/SUBSCRIPTIONS/0/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINES/WEB1';
  const time = '2026-10-05T11:59:00.1234567Z';

  test('metrics are stored by statistic, under the resource’s own name', async () => {
    const platform = await platforms();
    const records = [
      {
        time,
        resourceId,
        metricName: 'Percentage CPU',
        timeGrain: 'PT1M',
        count: 4,
        total: 10,
        minimum: 1,
        maximum: 4,
        average: 2.5,
      },
      { time, resourceId, operationName: 'no metric' },
    ];
    const { receipt } = await post(platform, 'metrics', json({ records }));
    expect(receipt).toMatchObject({ shape: 'azure-monitor', accepted: 5, rejectedTotal: 1 });
    expect(
      (await platform.warehouse.metricCatalog({}, signal)).map(({ instance, metric, firstAt }) => [
        instance,
        metric,
        firstAt,
      ]),
    ).toEqual(
      ['average', 'count', 'maximum', 'minimum', 'total'].map((part) => [
        'web1',
        `Percentage CPU_${part}`,
        '2026-10-05T11:59:00.123456Z',
      ]),
    );
  });

  test('logs have their level, category and message, also inside text of JSON and lists of envelopes', async () => {
    const platform = await platforms();
    const records = [
      {
        time,
        resourceId,
        category: 'Audit',
        level: 'Warning',
        operationName: 'Write',
        properties: { message: 'changed' },
      },
      { time, resourceId, category: 'Function', level: '4', properties: '{"message":"from text"}' },
    ];
    const { receipt } = await post(
      platform,
      'logs',
      json([{ records }, { records: [{ time, resourceId, operationName: 'Read' }] }]),
    );
    expect(receipt).toMatchObject({ shape: 'azure-monitor', accepted: 3 });
    const events = await platform.warehouse.logEventsBetween(all, signal);
    expect(events.map(({ level, source, message }) => [level, source, message])).toEqual(
      expect.arrayContaining([
        ['warning', 'Audit', 'changed'],
        ['info', 'Function', 'from text'],
        ['info', null, 'Read'],
      ]),
    );
  });
});

test('a list called `records` that names neither resource nor time is a record like any other', async () => {
  const platform = await platforms();
  const { receipt } = await post(platform, 'metrics', json({ records: [{ a: 1 }] }));
  expect(receipt satisfies IngestReceipt).toMatchObject({ shape: 'json', accepted: 0, rejectedTotal: 1 });
});
