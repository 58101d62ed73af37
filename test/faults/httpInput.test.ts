import { request as send } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withAzurite } from '../support/azurite';
import { startServer, type RunningServer } from '../support/runningServer';

interface Answer {
  readonly status: number;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly body?: Uint8Array | string;
  readonly headers?: Record<string, string>;
}

describe('what comes over HTTP to the app itself', () => {
  const azurite = withAzurite();
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer(azurite());
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
  });

  /** The path goes out as it is written; `fetch` would tidy it up. */
  function ask(path: string, { method = 'GET', body, headers = {} }: Sent = {}): Promise<Answer> {
    const { hostname, port } = new URL(server.url);
    return new Promise((resolve, reject) => {
      const outgoing = send({ hostname, port, path, method, headers }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text }));
        incoming.on('error', reject);
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
  const classify = (body: Uint8Array | string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask('/api/incidents/classify', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  function expectCoded(answer: Answer, status: number, code: string): void {
    expect(answer).toMatchObject({ status });
    expect(JSON.parse(answer.text)).toEqual({
      error: expect.objectContaining({ code, message: expect.any(String), requestId: expect.any(String) }),
    });
    expect(answer.text).not.toMatch(/node_modules|dist\/src|\.js:\d+|AccountKey/);
    expect(answer.text.length).toBeLessThan(8_192);
  }

  test.each<[string, Uint8Array | string]>([
    ['a centre that is a number', '{"techCenter":7,"texts":["a"]}'],
    ['texts that are one text', '{"techCenter":"Network","texts":"a"}'],
    ['a text that is null', '{"techCenter":"Network","texts":[null]}'],
    ['a thousand wrong texts', JSON.stringify({ techCenter: 'Network', texts: Array(1_000).fill(1) })],
    ['an unknown field', '{"techCenter":"Network","texts":["a"],"colour":"red"}'],
    [
      'ten thousand unknown fields',
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`field${index}`, 1]))),
    ],
    ['__proto__', '{"techCenter":"Network","texts":["a"],"__proto__":{"admin":true}}'],
    ['deep JSON', '['.repeat(1_000_000)],
    ['bad UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
    ['half of a document', '{"techCenter":"Network","texts":['],
    ['nothing', ''],
    ['a list', '[]'],
    ['a text over its limit', JSON.stringify({ techCenter: 'Network', texts: ['x'.repeat(32_769)] })],
  ])('a body with %s is refused with 400', async (_name, body) => {
    expectCoded(await classify(body), 400, 'INPUT_INVALID');
  });

  test('a body of 100 MB is refused with 413', async () => {
    expectCoded(await classify(Buffer.alloc(100_000_000, 0x20)), 413, 'INPUT_TOO_LARGE');
  });

  test('a gzip bomb is refused with 413, a damaged one with 400', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    expectCoded(await classify(bomb, { 'content-encoding': 'gzip' }), 413, 'INPUT_TOO_LARGE');
    const cut = gzipSync('{"techCenter":"Network","texts":["a"]}').subarray(0, 30);
    expectCoded(await classify(cut, { 'content-encoding': 'gzip' }), 400, 'INPUT_INVALID');
  });

  test.each([
    '/api/clusters',
    '/api/clusters?techCenter=',
    '/api/clusters?techCenter=a&techCenter=b',
    '/api/clusters?techCenter=a&colour=red',
    '/api/clusters?techCenter=a&version=latest',
    '/api/clusters?techCenter=a&version=2026/q5/r1',
    '/api/clusters?techCenter=a&version=2026/q1/r0',
    '/api/clusters?techCenter=a&version=..%2F..%2Fcurrent.json',
    '/api/clusters?techCenter=a&version=2026%2Fq1%2Fr1%2F..%2F..%2Fcurrent.json',
    '/api/clusters/C-ABCD1234',
    '/api/clusters/..%2F..%2Fcurrent.json',
    '/api/clusters/%2E%2E%2Fmap',
    '/api/clusters/__proto__',
    '/api/incidents?search=',
    '/api/incidents?search=a&limit=many',
    '/api/incidents?search=a&limit=0',
    '/api/incidents?search=a&limit=1000000000',
    '/api/incidents?search=a&__proto__=b',
    '/api/incidents/INC%0A1',
    '/api/runs?pipeline=everything',
    '/api/status?colour=red',
  ])('%s is refused with 400', async (path) => {
    expectCoded(await ask(path), 400, 'INPUT_INVALID');
  });

  test.each([
    ['/api/clusters?techCenter=..%2F..%2F_embedding%2Flocal', 'MODEL_MISSING'],
    ['/api/clusters?techCenter=%FF%FE', 'MODEL_MISSING'],
    ['/api/clusters?techCenter=__proto__', 'MODEL_MISSING'],
    ['/api/clusters/c-abcd1234', 'NOT_FOUND'],
    ['/api/incidents/..%2F..%2Fpackage.json', 'NOT_FOUND'],
    ['/api/incidents/%FF%FE', 'NOT_FOUND'],
    ['/api/incidents/__proto__', 'NOT_FOUND'],
  ])('%s reaches nothing: 404', async (path, code) => {
    expectCoded(await ask(path), 404, code);
  });

  test.each([
    '/../package.json',
    '/..%2Fpackage.json',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/..%2F..%2F..%2Fpackage.json',
    '/%5C..%5Cpackage.json',
    '/api/nothing',
  ])('%s serves no file', async (path) => {
    const { status, text } = await ask(path);
    expect(status).toBe(404);
    expect(text).not.toMatch(/quarterdeck|root:/);
  });

  test('a key in the address, as the host lets it through, is no unknown parameter', async () => {
    expect(await ask('/api/runs?code=some-key&limit=5')).toMatchObject({ status: 200 });
  });

  test('a NUL in the path is refused', async () => {
    expect(await ask('/api/incidents/%00')).toMatchObject({ status: 400 });
  });

  test('after all of it the app answers, and has told no text of what it was sent', async () => {
    expect(await ask('/api/health')).toMatchObject({ status: 200 });
    expect(server.output()).not.toContain('colour');
    expect(await server.stop()).toBe(0);
  });
});
