import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { enqueuePulls, pullSource } from '../../../src/anomalies';
import { pullQueue, seededRandom, type MetricPoint } from '../../../src/contracts';
import { openSources } from '../../../src/platform/sources/openSources';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { recordingTelemetry } from '../../support/recordingTelemetry';
import { testClock } from '../../support/testClock';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };
const noon = Date.UTC(2026, 9, 5, 12);
const minute = 60_000;

interface Asked {
  readonly path: string;
  readonly target: string;
  readonly body: Record<string, unknown>;
}
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A service that answers as `answer` says and remembers what it was asked. */
async function service(answer: (asked: Asked) => Answer): Promise<{ endpoint: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer();
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const one: Asked = {
      path: request.url ?? '',
      target: String(request.headers['x-amz-target'] ?? ''),
      body: JSON.parse((await bodyOf(request)) || '{}') as Record<string, unknown>,
    };
    asked.push(one);
    const { status = 200, headers = {}, body } = answer(one);
    const contentType = request.headers['content-type'] ?? 'application/json';
    response.writeHead(status, { 'content-type': contentType, ...headers });
    response.end(JSON.stringify(body));
  };
  server.on('request', (request, response) => void respond(request, response));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const credential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'secret', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** The SDK sends no token over plain http: TLS ends in front of the service, as it does in front of many. */
const withoutTls: HttpClient = {
  async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
    const answer = await fetch(request.url.replace(/^https:/, 'http:'), {
      method: request.method,
      headers: request.headers.toJSON(),
      body: request.body as string,
      signal: request.abortSignal as AbortSignal,
    });
    const headers = createHttpHeaders(Object.fromEntries(answer.headers));
    return { request, status: answer.status, headers, bodyAsText: await answer.text() };
  },
};

async function platformWith(sources: readonly object[]): Promise<TestPlatform> {
  const clock = testClock(noon);
  const telemetry = recordingTelemetry();
  const logSources = openSources(
    { INGEST_SOURCES: JSON.stringify(sources) },
    {
      clock,
      telemetry,
      random: seededRandom(7),
      makeCredential: () => credential,
      aws: { credentials: { accessKeyId: 'id', secretAccessKey: 'key' } },
      azure: { httpClient: withoutTls },
    },
  );
  return platforms({ clock, telemetry, overrides: { logSources } });
}

const cloudWatchLogs = (endpoint: string) => ({
  type: 'cloudwatch-logs',
  name: 'app-logs',
  region: 'eu-west-1',
  logGroup: '/app/prod',
  endpoint,
});

const eventsOf = (asked: Asked, events: readonly { timestamp: number }[]): readonly object[] =>
  events.filter(
    ({ timestamp }) =>
      timestamp >= Number(asked.body['startTime']) && timestamp <= Number(asked.body['endTime']),
  );

describe('a log group of CloudWatch', () => {
  const event = (id: string, timestamp: number, message = `event ${id}`) => ({
    eventId: id,
    logStreamName: 'i-0abc',
    timestamp,
    ingestionTime: timestamp,
    message,
  });

  test('is read page by page, from where the last pull ended and a little before', async () => {
    const events = [event('1', noon - 30 * minute, 'ERROR disk is full'), event('2', noon - 5 * minute)];
    const { endpoint, asked } = await service((one) => {
      const found = eventsOf(one, events);
      const second = one.body['nextToken'] === 'page 2';
      return {
        body: {
          events: second ? found.slice(1) : found.slice(0, 1),
          ...(!second && { nextToken: 'page 2' }),
        },
      };
    });
    const platform = await platformWith([cloudWatchLogs(endpoint)]);
    expect(await pullSource(platform, { source: 'app-logs' }, signal)).toMatchObject({
      pipeline: 'pull',
      scope: 'app-logs',
      status: 'ok',
      counts: { read: 2, stored: 2 },
    });
    expect(asked.map(({ target, body }) => [target, body['nextToken']])).toEqual([
      ['Logs_20140328.FilterLogEvents', undefined],
      ['Logs_20140328.FilterLogEvents', 'page 2'],
    ]);
    expect(asked[0]!.body).toMatchObject({ logGroupName: '/app/prod', startTime: noon - 60 * minute });
    const stored = await platform.warehouse.logEventsBetween(all, signal);
    expect(stored.map(({ instance, source, level, message }) => [instance, source, level, message])).toEqual([
      ['i-0abc', '/app/prod', 'error', expect.stringContaining('disk is full')],
      ['i-0abc', '/app/prod', 'info', 'event 2'],
    ]);

    // One came late, within the overlap; the others are seen again and stored once.
    events.push(event('3', noon - minute), event('4', noon + minute));
    platform.clock.advance(5 * minute);
    await pullSource(platform, { source: 'app-logs' }, signal);
    expect(asked[2]!.body['startTime']).toBe(noon - 10 * minute);
    expect((await platform.warehouse.logEventsBetween(all, signal)).map(({ message }) => message)).toEqual([
      expect.stringContaining('disk is full'),
      'event 2',
      'event 3',
      'event 4',
    ]);
  });

  test('that throttles is asked again, and one that goes on failing leaves the cursor', async () => {
    const failures = [1, 1];
    const { endpoint, asked } = await service((one) =>
      failures.pop() === undefined
        ? { body: { events: eventsOf(one, [event('1', noon - minute)]) } }
        : { status: 400, body: { __type: 'ThrottlingException', message: 'Rate exceeded' } },
    );
    const platform = await platformWith([cloudWatchLogs(endpoint)]);
    expect(await pullSource(platform, { source: 'app-logs' }, signal)).toMatchObject({ status: 'ok' });
    expect(asked).toHaveLength(3);
    expect(platform.clock.sleeps).toHaveLength(2);

    failures.push(...Array.from({ length: 5 }, () => 1));
    platform.clock.advance(5 * minute);
    expect(await pullSource(platform, { source: 'app-logs' }, signal)).toMatchObject({
      status: 'failed',
      errorCode: 'SOURCE_UNAVAILABLE',
    });
    platform.clock.advance(5 * minute);
    await pullSource(platform, { source: 'app-logs' }, signal);
    const first = Number(asked.at(-1)!.body['startTime']);
    const lastSuccess = Number(asked[2]!.body['endTime']) + 1;
    expect(first).toBe(lastSuccess - 10 * minute);
  });

  test('that refuses the credential fails by that code, without another try', async () => {
    const { endpoint, asked } = await service(() => ({
      status: 400,
      body: { __type: 'AccessDeniedException', message: 'not allowed' },
    }));
    const platform = await platformWith([cloudWatchLogs(endpoint)]);
    expect(await pullSource(platform, { source: 'app-logs' }, signal)).toMatchObject({
      status: 'failed',
      errorCode: 'CREDENTIAL_REJECTED',
    });
    expect(asked).toHaveLength(1);
  });
});

test('metrics of CloudWatch are stored under namespace, name and statistic', async () => {
  const { endpoint, asked } = await service(() => ({
    body: {
      MetricDataResults: [
        { Id: 'm0', Timestamps: [(noon - 2 * minute) / 1_000, (noon - minute) / 1_000], Values: [1.5, 2.5] },
        { Id: 'm1', Timestamps: [(noon - minute) / 1_000], Values: [7] },
      ],
    },
  }));
  const platform = await platformWith([
    {
      type: 'cloudwatch-metrics',
      name: 'ec2',
      region: 'eu-west-1',
      endpoint,
      metrics: [
        { namespace: 'AWS/EC2', metric: 'CPUUtilization', dimensions: { InstanceId: 'i-1' } },
        { namespace: 'AWS/SQS', metric: 'Sent', dimensions: { QueueName: 'q' }, statistic: 'Sum' },
      ],
    },
  ]);
  expect(await pullSource(platform, { source: 'ec2' }, signal)).toMatchObject({ status: 'ok' });
  expect(asked[0]!.body).toMatchObject({
    MetricDataQueries: [
      { Id: 'm0', MetricStat: { Period: 60, Stat: 'Average', Metric: { Namespace: 'AWS/EC2' } } },
      { Id: 'm1', MetricStat: { Stat: 'Sum' } },
    ],
  });
  expect(await platform.warehouse.metricCatalog({}, signal)).toMatchObject([
    { instance: 'i-1', metric: 'AWS/EC2/CPUUtilization_average', points: 2 },
    { instance: 'q', metric: 'AWS/SQS/Sent_sum', points: 1 },
  ] satisfies (Partial<MetricPoint> & { points: number })[]);
});

describe('a query of Azure Monitor', () => {
  const source = (endpoint: string) => ({
    type: 'azure-monitor-logs',
    name: 'workspace',
    workspaceId: '0000-1111',
    query: 'AppTraces | project TimeGenerated, Computer, SeverityLevel, Message',
    endpoint: endpoint.replace(/^http:/, 'https:'),
  });
  const table = (rows: readonly unknown[][]) => ({
    tables: [
      {
        name: 'PrimaryResult',
        columns: [
          { name: 'TimeGenerated', type: 'datetime' },
          { name: 'Computer', type: 'string' },
          { name: 'Message', type: 'string' },
        ],
        rows,
      },
    ],
  });

  test('is asked for a window; its rows are stored once, though alike ones are both kept', async () => {
    const at = new Date(noon - minute).toISOString();
    const rows = [
      [at, 'vm-1', 'disk is full'],
      [at, 'vm-1', 'disk is full'],
      [at, 'vm-2', 'all is well'],
    ];
    const { endpoint, asked } = await service(() => ({ body: table(rows) }));
    const platform = await platformWith([source(endpoint)]);
    for (let round = 0; round < 2; round++) {
      expect(await pullSource(platform, { source: 'workspace' }, signal)).toMatchObject({ status: 'ok' });
      platform.clock.advance(5 * minute);
    }
    expect(asked[0]!.path).toContain('/workspaces/0000-1111/query');
    expect(asked[0]!.body['query']).toContain('AppTraces');
    expect(asked[0]!.body['query']).toContain('TimeGenerated >= datetime(2026-10-05T11:00:00.000Z)');
    const stored = await platform.warehouse.logEventsBetween(all, signal);
    expect(stored.map(({ instance, message }) => `${instance}: ${message}`).toSorted()).toEqual([
      'vm-1: disk is full',
      'vm-1: disk is full',
      'vm-2: all is well',
    ]);
  });

  test('that gives half an answer is not believed', async () => {
    const { endpoint } = await service(() => ({
      body: { ...table([]), error: { code: 'PartialError', message: 'one shard is missing' } },
    }));
    const platform = await platformWith([source(endpoint)]);
    expect(await pullSource(platform, { source: 'workspace' }, signal)).toMatchObject({
      status: 'failed',
      errorCode: 'SOURCE_UNAVAILABLE',
    });
  });

  test('that is wrong fails at once', async () => {
    const { endpoint, asked } = await service(() => ({
      status: 400,
      body: { error: { code: 'BadArgumentError', message: 'a syntax error' } },
    }));
    const platform = await platformWith([source(endpoint)]);
    expect(await pullSource(platform, { source: 'workspace' }, signal)).toMatchObject({
      status: 'failed',
      errorCode: 'SOURCE_REJECTED',
    });
    expect(asked).toHaveLength(1);
  });
});

describe('the timer', () => {
  test('sends a message for each source', async () => {
    const platform = await platformWith([cloudWatchLogs('http://127.0.0.1:1')]);
    const before = await platform.queues.count(pullQueue, signal);
    const scheduledAt = '2026-10-05T12:00:00.000000Z';
    expect(await enqueuePulls(platform, { scheduledAt }, signal)).toEqual(['app-logs']);
    expect(await platform.queues.count(pullQueue, signal)).toBe(before + 1);
  });

  test.each([
    ['not json [', /neither a JSON list nor a file/],
    ['[{"type":"ftp","name":"x"}]', /0\.type/],
    ['[{"type":"cloudwatch-logs","name":"Bad Name","region":"r","logGroup":"g"}]', /0\.name/],
  ])('says what is wrong with %s', (setting, message) => {
    const dependencies = {
      clock: testClock(),
      telemetry: recordingTelemetry(),
      random: seededRandom(1),
      makeCredential: () => credential,
    };
    expect(() => openSources({ INGEST_SOURCES: setting }, dependencies).names()).toThrow(message);
  });
});
