import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { QuarterdeckError } from '../../../src/contracts';
import { answerRequest, type EndpointRequest } from '../../../src/platform/http/endpoint';
import type { Telemetry } from '../../../src/platform/telemetry/telemetry';

const exceptions: unknown[] = [];
const telemetry: Telemetry = {
  metric: () => {},
  log: () => {},
  exception: (error) => exceptions.push(error),
  span: (_name, _fields, work) => work(),
  flush: () => Promise.resolve(),
};
const context = { requestId: 'request-1', telemetry: () => telemetry };
const limits = { maximumBodyBytes: 64 * 1024, timeoutMs: 1_000 };

function request(
  body: Uint8Array | string | undefined,
  headers: Record<string, string> = {},
  url = 'http://localhost/api/x',
): EndpointRequest {
  const web = new Request(url, { method: 'POST', headers, ...(body !== undefined && { body }) });
  return {
    method: 'POST',
    headers: web.headers,
    body: web.body,
    url,
    params: {},
  };
}

const echo = {
  body: z.strictObject({ name: z.string() }),
  query: z.strictObject({ page: z.string().optional() }),
};
const answer = (incoming: EndpointRequest) =>
  answerRequest(incoming, context, echo, ({ body }) => Promise.resolve(body), limits);

describe('an endpoint', () => {
  test('answers valid input, plain and gzipped', async () => {
    const plain = await answer(request('{"name":"Ünïcode"}'));
    expect(plain).toMatchObject({ status: 200, jsonBody: { name: 'Ünïcode' } });
    const zipped = await answer(request(gzipSync('{"name":"a"}'), { 'content-encoding': 'gzip' }));
    expect(zipped).toMatchObject({ status: 200, jsonBody: { name: 'a' } });
  });

  test.each<[string, EndpointRequest, number, string]>([
    ['a wrong type', request('{"name":1}'), 400, 'INPUT_INVALID'],
    ['an unknown field', request('{"name":"a","more":1}'), 400, 'INPUT_INVALID'],
    ['__proto__', request('{"name":"a","__proto__":{"admin":true}}'), 400, 'INPUT_INVALID'],
    ['bad UTF-8', request(Uint8Array.from([0x22, 0xff, 0xfe, 0x22])), 400, 'INPUT_INVALID'],
    ['no JSON', request('{"name":'), 400, 'INPUT_INVALID'],
    ['an empty body', request(undefined), 400, 'INPUT_INVALID'],
    ['deep JSON', request('['.repeat(10_000)), 400, 'INPUT_INVALID'],
    ['a body over the limit', request('x'.repeat(70_000)), 413, 'INPUT_TOO_LARGE'],
    [
      'a gzip bomb',
      request(gzipSync(Buffer.alloc(50_000_000)), { 'content-encoding': 'gzip' }),
      413,
      'INPUT_TOO_LARGE',
    ],
    ['damaged gzip', request('not gzip', { 'content-encoding': 'gzip' }), 400, 'INPUT_INVALID'],
    ['an unknown encoding', request('{}', { 'content-encoding': 'zstd' }), 415, 'INPUT_UNSUPPORTED'],
    ['an unknown query parameter', request('{"name":"a"}', {}, 'http://h/x?nope=1'), 400, 'INPUT_INVALID'],
    ['a repeated parameter', request('{"name":"a"}', {}, 'http://h/x?page=1&page=2'), 400, 'INPUT_INVALID'],
    ['__proto__ as a parameter', request('{"name":"a"}', {}, 'http://h/x?__proto__=1'), 400, 'INPUT_INVALID'],
  ])('refuses %s with a coded error that carries the request id', async (_name, incoming, status, code) => {
    expect(await answer(incoming)).toMatchObject({
      status,
      jsonBody: { error: { code, requestId: 'request-1' } },
    });
  });

  test('takes the key that the host leaves in the address for no parameter', async () => {
    expect(await answer(request('{"name":"a"}', {}, 'http://h/x?code=key&page=1'))).toMatchObject({
      status: 200,
    });
  });

  test('refuses parameters where none are named', async () => {
    const incoming = request(undefined, {}, 'http://h/x?page=1');
    const refused = await answerRequest(incoming, context, {}, () => Promise.resolve({}), limits);
    expect(refused).toMatchObject({ status: 400, jsonBody: { error: { details: { field: 'page' } } } });
  });

  test('tells of many problems the first ones and how many more there are', async () => {
    const schema = { body: z.array(z.string()) };
    const body = JSON.stringify(Array(500).fill(1));
    const refused = await answerRequest(request(body), context, schema, () => Promise.resolve({}), limits);
    const { error } = refused.jsonBody as { error: { message: string; details: { problems: unknown[] } } };
    expect(error.details.problems).toHaveLength(10);
    expect(error.message).toMatch(/^body\.0: .*; and 490 more$/);
  });

  test('braces inside strings do not count as nesting', async () => {
    const text = JSON.stringify({ name: '{["\\"'.repeat(200) });
    expect((await answer(request(text))).status).toBe(200);
  });

  test('hides what broke inside, and reports it to telemetry', async () => {
    exceptions.length = 0;
    const secret = new Error('connection string AccountKey=abc at /home/x');
    const broken = await answerRequest(request('{}'), context, {}, () => Promise.reject(secret), limits);
    expect(broken).toMatchObject({ status: 500, jsonBody: { error: { code: 'INTERNAL' } } });
    expect(JSON.stringify(broken)).not.toContain('AccountKey');
    const coded = new QuarterdeckError('WAREHOUSE_UNAVAILABLE', 'host db-7 refused', { retryAfterMs: 1500 });
    const unavailable = await answerRequest(request('{}'), context, {}, () => Promise.reject(coded), limits);
    expect(unavailable.status).toBe(503);
    expect(unavailable.headers['retry-after']).toBe('2');
    expect(JSON.stringify(unavailable)).not.toContain('db-7');
    expect(exceptions).toEqual([secret, coded]);
  });
});
