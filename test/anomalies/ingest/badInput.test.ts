import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { admit } from '../../../src/platform/http/admission';
import { decodeRaw } from '../../../src/anomalies/ingest/rawParquet';
import { workBatch } from '../../../src/anomalies';
import type { Decoded } from '../../../src/anomalies/ingest/batch';
import { asFarAsReadable } from '../../../src/anomalies/ingest/ingestBatch';
import { ingestQueue, QuarterdeckError } from '../../../src/contracts';
import type { Queues } from '../../../src/platform/queues/queues';
import { withPlatform, type TestPlatform } from '../../support/platform';
import { post } from './ingestRequest';

const platforms = withPlatform();
const signal = AbortSignal.timeout(600_000);
const all = { from: '1990-01-01T00:00:00.000000Z', to: '2099-01-01T00:00:00.000000Z', limit: 1_000 };
const at = '2026-10-05T11:59:00Z';
const point = (value: unknown = 1): string =>
  `${JSON.stringify({ instance: 'web-1', metric: 'cpu', timestamp: at, value })}\n`;

async function rawBodies(platform: TestPlatform): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  for await (const { name } of platform.rawLogs.list('2026/', signal)) {
    bodies.push(await decodeRaw(name, (await platform.rawLogs.read(name, signal)).bytes));
  }
  return bodies;
}

describe('bodies', () => {
  const limit = { environment: { INGEST_MAX_BODY_BYTES: '100000' } };

  test.each([
    ['gzip', gzipSync(point())],
    ['deflate', deflateSync(point())],
  ])('in %s are inflated', async (encoding, body) => {
    const platform = await platforms();
    const headers = { 'content-encoding': encoding };
    expect((await post(platform, 'metrics', { body, headers })).receipt).toMatchObject({ accepted: 1 });
    expect(Buffer.concat(await rawBodies(platform)).toString()).toBe(point());
  });

  test.each([
    ['announces 100 MB', 'x', { 'content-length': '104857600' }],
    ['has more bytes than are taken', 'x'.repeat(100_001), {}],
    ['inflates to more', gzipSync(Buffer.alloc(100_001)), { 'content-encoding': 'gzip' }],
  ])('a body that %s is refused, and nothing is kept', async (_name, body, headers) => {
    const platform = await platforms(limit);
    const answer = await post(platform, 'metrics', { body, headers });
    expect(answer.status).toBe(413);
    expect(answer.receipt).toMatchObject({ error: { code: 'INPUT_TOO_LARGE' } });
    expect(await rawBodies(platform)).toEqual([]);
  });

  test('a body that inflates to hundreds of times its size is refused for that', async () => {
    const platform = await platforms();
    const body = gzipSync(Buffer.alloc(8_000_000, ' '));
    const answer = await post(platform, 'metrics', { body, headers: { 'content-encoding': 'gzip' } });
    expect(answer.status).toBe(413);
    expect(answer.text).toContain('times its compressed size');
  });

  test.each([
    ['damaged gzip', { body: 'no gzip', headers: { 'content-encoding': 'gzip' } }, 400, 'INPUT_INVALID'],
    ['an unknown encoding', { body: 'x', headers: { 'content-encoding': 'br' } }, 415, 'INPUT_UNSUPPORTED'],
    ['an unknown content type', { body: 'x', contentType: 'image/png' }, 415, 'INPUT_UNSUPPORTED'],
    ['JSON that is cut short', { body: '{"a":', contentType: 'application/json' }, 400, 'INPUT_INVALID'],
    ['no JSON at all', { body: 'cpu 1', contentType: 'application/json' }, 415, 'INPUT_UNSUPPORTED'],
    [
      'JSON of a thousand levels',
      {
        body: `{"resourceMetrics":${'['.repeat(1_000)}${']'.repeat(1_000)}}`,
        contentType: 'application/json',
      },
      400,
      'INPUT_INVALID',
    ],
    [
      'a quote that never ends',
      { body: `instance,timestamp,cpu\n"web`, contentType: 'text/csv' },
      400,
      'INPUT_INVALID',
    ],
    [
      'CSV that is not UTF-8',
      { body: Buffer.from([0x61, 0x2c, 0xff, 0xfe, 0x0a]), contentType: 'text/csv' },
      400,
      'INPUT_INVALID',
    ],
    [
      'Parquet, which is dropped, not posted',
      { body: 'PAR1', contentType: 'application/vnd.apache.parquet' },
      415,
      'INPUT_UNSUPPORTED',
    ],
    ['an unknown parameter', { body: point(), query: 'instnace=x' }, 400, 'INPUT_INVALID'],
    [
      'a key of a thousand characters',
      { body: point(), headers: { 'idempotency-key': 'k'.repeat(1_000) } },
      400,
      'INPUT_INVALID',
    ],
  ])('%s is refused by its code', async (_name, parts, status, code) => {
    const platform = await platforms();
    const answer = await post(platform, 'metrics', parts);
    expect([answer.status, answer.receipt]).toMatchObject([status, { error: { code } }]);
  });

  test('remote write of logs, and logs of metrics, are refused', async () => {
    const platform = await platforms();
    const headers = { 'x-prometheus-remote-write-version': '0.1.0' };
    const answer = await post(platform, 'logs', {
      body: 'x',
      contentType: 'application/x-protobuf',
      headers,
    });
    expect(answer.status).toBe(415);
  });
});

describe('records', () => {
  test('in bytes that are not UTF-8 are set aside alone, and kept raw byte for byte', async () => {
    const platform = await platforms();
    const body = Buffer.concat([
      Buffer.from(point()),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from(point(2).replace(at, '2026-10-05T11:58:00Z')),
    ]);
    const { receipt } = await post(platform, 'metrics', { body });
    expect(receipt).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'RECORD_MALFORMED' }] });
    expect(Buffer.concat(await rawBodies(platform)).equals(body)).toBe(true);
  });

  test('of 1 MB are cut in the table, with a note, and whole in the raw file', async () => {
    const platform = await platforms();
    const body = `${JSON.stringify({ instance: 'web-1', timestamp: at, message: 'w '.repeat(524_288) })}\n`;
    expect((await post(platform, 'logs', { body })).receipt).toMatchObject({ accepted: 1 });
    const [event] = await platform.warehouse.logEventsBetween(all, signal);
    expect(event!.message.length).toBeLessThan(20_000);
    expect(JSON.parse(event!.metadataJson)).toMatchObject({
      message_cut: true,
      message_characters: 1_048_576,
    });
    expect(Buffer.concat(await rawBodies(platform)).length).toBe(body.length);
  });

  test.each([
    ['brackets', '['.repeat(200_000)],
    ['quotes', '"'.repeat(200_000)],
    ['equals signs', 'a='.repeat(100_000)],
    ['blanks', `${' '.repeat(200_000)}x`],
    ['digits', '1'.repeat(200_000)],
    ['colons', '1:'.repeat(100_000)],
    ['mail-like', 'a@'.repeat(100_000)],
    ['dashes', '-'.repeat(200_000)],
  ])('of %s without end are stored like any other', async (_name, text) => {
    const platform = await platforms();
    const { receipt } = await post(platform, 'logs', {
      body: text,
      contentType: 'text/plain',
      query: 'instance=web-1',
    });
    expect(receipt).toMatchObject({ accepted: 1 });
  });

  test('of CSV that a spreadsheet would run are text, and no number', async () => {
    const platform = await platforms();
    const body = `instance,timestamp,cpu\n=HYPERLINK("http://x"),${at},1\nweb-1,${at},=1+1\n@SUM(A1),${at},+3\n`;
    const { receipt } = await post(platform, 'metrics', { body, contentType: 'text/csv' });
    expect(receipt).toMatchObject({ accepted: 2, rejected: [{ index: 1, code: 'VALUE_NOT_FINITE' }] });
    const catalog = await platform.warehouse.metricCatalog({}, signal);
    expect(catalog.map(({ instance }) => instance)).toEqual(['=HYPERLINK("http://x")', '@SUM(A1)']);
  });

  test('with more cells than the header, or without any measurement, are set aside', async () => {
    const platform = await platforms();
    const body = `instance,timestamp,cpu\nweb-1,${at},1,2\nweb-1,${at},\nweb-1,${at},5\n`;
    const { receipt } = await post(platform, 'metrics', { body, contentType: 'text/csv' });
    expect(receipt).toMatchObject({
      accepted: 1,
      rejected: [
        { index: 0, code: 'RECORD_MALFORMED' },
        { index: 1, code: 'VALUE_MISSING' },
      ],
    });
  });

  test('keys like __proto__ are names, and change nothing of the program', async () => {
    const platform = await platforms();
    const body =
      '{"instance":"web-1","message":"m","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}\n';
    expect((await post(platform, 'logs', { body })).receipt).toMatchObject({ accepted: 1 });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test('secrets and addresses are redacted in the tables', async () => {
    const platform = await platforms();
    const body = JSON.stringify({
      instance: 'web-1',
      message: 'login ann@example.org',
      token: 'Bearer abcdef1234567890',
    });
    await post(platform, 'logs', { body });
    const [event] = await platform.warehouse.logEventsBetween(all, signal);
    expect(event!.message).toBe('login [email]');
    expect(event!.metadataJson).not.toContain('abcdef1234567890');
  });
});

describe('back-pressure', () => {
  test('refuses what is more than one process takes, with the time to wait, in each protocol', async () => {
    const platform = await platforms({ environment: { INGEST_MAX_BATCHES_IN_FLIGHT: '1' } });
    const held = await admit(platform, ingestQueue, 1_000, signal);
    const answer = await post(platform, 'metrics', { body: point() });
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.receipt).toMatchObject({ error: { code: 'INGEST_BUSY' } });
    const headers = { 'content-encoding': 'snappy' };
    const contentType = 'application/x-protobuf';
    expect((await post(platform, 'metrics', { body: 'x', contentType, headers })).status).toBe(429);
    const otlp = await post(platform, 'metrics', { body: 'x', contentType, path: 'api/otlp/v1/metrics' });
    expect([otlp.status, otlp.headers['retry-after']]).toEqual([429, '5']);
    held.release();
    held.release();
    expect((await post(platform, 'metrics', { body: point() })).status).toBe(200);
  });

  test('counts bytes too, but always takes one batch when there is no other', async () => {
    const platform = await platforms({ environment: { INGEST_MAX_BYTES_IN_FLIGHT: '2000' } });
    const large = await admit(platform, ingestQueue, 1_000_000, signal);
    await expect(admit(platform, ingestQueue, 10, signal)).rejects.toMatchObject({ code: 'INGEST_BUSY' });
    large.resize(500);
    const small = await admit(platform, ingestQueue, 10, signal);
    large.release();
    small.release();
  });

  test('looks at the queue too', async () => {
    const waiting: Queues = {
      send: () => Promise.resolve(),
      count: (queue) => Promise.resolve(queue === ingestQueue ? 1_000 : 0),
    };
    const platform = await platforms({ overrides: { queues: waiting } });
    expect((await post(platform, 'metrics', { body: point() })).status).toBe(429);
    expect(platform.telemetry.metrics).toContainEqual({
      name: 'ingest.refused',
      value: 1,
      dimensions: { reason: 'queue' },
    });
  });
});

test('a large batch is answered when it is safe, and worked through by the queue', async () => {
  const sent: unknown[] = [];
  const queues: Queues = {
    send: (queue, messages) => {
      sent.push(...messages.map((message) => ({ queue, message })));
      return Promise.resolve();
    },
    count: () => Promise.resolve(0),
  };
  const platform = await platforms({ environment: { INGEST_INLINE_BYTES: '10' }, overrides: { queues } });
  const { status, receipt } = await post(platform, 'metrics', { body: point() });
  expect([status, receipt.status, receipt.accepted]).toEqual([202, 'queued', 0]);
  expect(sent).toEqual([{ queue: ingestQueue, message: { kind: 'metrics', batchId: receipt.batchId } }]);
  expect(await platform.warehouse.metricCatalog({}, signal)).toEqual([]);
  platform.clock.advance(3_600_000);
  const worked = await workBatch(platform, { kind: 'metrics', batchId: receipt.batchId }, signal);
  expect(worked).toMatchObject({ status: 'stored', accepted: 1, arrivedAt: receipt.arrivedAt });
  expect((await post(platform, 'metrics', { body: point() })).receipt).toEqual(worked);
  await expect(
    workBatch(platform, { kind: 'metrics', batchId: `b-${'0'.repeat(32)}` }, signal),
  ).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

describe('what cannot be read after the first record', () => {
  const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;

  test.each([
    ['a line of metrics', 'metrics', `${point()}{"instance":"web-1","cpu":${nested}}\n${point(2)}`],
    ['a line of logs', 'logs', `{"message":"one"}\n{"message":"two","a":${nested}}\n{"message":"three"}\n`],
    ['a message', 'logs', `{"message":"one"}\n{"message":${nested}}\n{"message":"three"}\n`],
  ] as const)(
    '%s that is nested too deeply is refused, and its neighbours are stored',
    async (_name, kind, body) => {
      const platform = await platforms();
      const query = 'instance=web-1';
      const { status, receipt } = await post(platform, kind, { body, query, path: `api/ingest/${kind}` });
      expect(status).toBe(200);
      expect(receipt).toMatchObject({
        status: 'stored',
        accepted: 2,
        rejected: [{ index: 1, code: 'RECORD_MALFORMED', message: 'nested deeper than 32 levels' }],
      });
    },
  );

  const invalid = new QuarterdeckError('INPUT_INVALID', 'the stream is cut off');
  const unavailable = new QuarterdeckError('STORAGE_UNAVAILABLE', 'away');
  function* entriesBefore(error: Error, count: number): Generator<Decoded<string>> {
    for (let index = 0; index < count; index++) yield { index, candidate: 'x', excerpt: () => 'x' };
    throw error;
  }

  test('ends the batch with a refusal at its place instead of trying again for ever', () => {
    const entries = [...asFarAsReadable(entriesBefore(invalid, 2))];
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(entries[2]).toMatchObject({ refusal: { code: 'RECORD_MALFORMED' } });
  });

  test('a body of which not even the first record can be read is refused as a whole', () => {
    expect(() => [...asFarAsReadable(entriesBefore(invalid, 0))]).toThrow('cut off');
  });

  test('what may work later is tried again', () => {
    expect(() => [...asFarAsReadable(entriesBefore(unavailable, 2))]).toThrow('away');
  });
});
