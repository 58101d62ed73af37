import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Heard, outerProcess, withHosts } from './fixtureHost';

interface Echo {
  name: string;
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  url: string;
  method: string;
  bytes: number;
}

async function echo(address: string, init?: RequestInit): Promise<Echo> {
  return (await (await fetch(address, init)).json()) as Echo;
}

/** What the server answers to these very bytes, until it closes the connection. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(text, 'latin1');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

describe('routes', () => {
  const start = withHosts();

  test.each([
    ['/api/items/newest', 'literal', {}],
    ['/api/ITEMS/NEWEST', 'literal', {}],
    ['/api/items/7', 'number', { id: '7' }],
    ['/api/items/seven', 'any', { id: 'seven' }],
    ['/api/items/a%20b%2Fc%C3%A4', 'any', { id: 'a b%2Fcä' }],
    ['/api/pages', 'optional', {}],
    ['/api/pages/', 'optional', {}],
    ['/api/pages/3', 'optional', { page: '3' }],
    ['/api/files', 'rest', {}],
    ['/api/files/a/b//c.txt', 'rest', { path: 'a/b//c.txt' }],
    ['/api/limits/abc', 'several', { id: 'abc' }],
    ['/api/download/a.b.tar', 'parts', { name: 'a.b', extension: 'tar' }],
    ['/api/unnamed', 'unnamed', {}],
  ])('%s is answered by %s', async (path, name, params) => {
    const { url } = await start('web');
    const answer = (await (await fetch(url + path)).json()) as Echo;
    expect(answer).toMatchObject({ name, params });
  });

  test.each([
    ['/api/items/', 'GET'],
    ['/api/limits/a', 'GET'],
    ['/api/limits/ab1', 'GET'],
    ['/api/things/no-guid', 'GET'],
    ['/api/items/7', 'POST'],
    ['/api/items/newest', 'HEAD'],
    ['/api/items//', 'GET'],
    ['/items/7', 'GET'],
    ['/api', 'GET'],
  ])(
    '%s with %s is 404, as in the real host: a method that no route names is not found',
    async (path, method) => {
      const { url } = await start('web');
      const answer = await fetch(url + path, { method });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toBe('');
    },
  );

  test('HEAD is answered where the route names it, without a body', async () => {
    const { url } = await start('web');
    const answer = await fetch(`${url}/api/headed`, { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(0);
    expect(await answer.text()).toBe('');
  });

  test('the root shows a page unless a setting turns it off', async () => {
    const { url } = await start('web');
    expect(await (await fetch(url)).text()).toContain('up and running');
    const other = await start('web', { environment: { AzureWebJobsDisableHomepage: 'true' } });
    expect((await fetch(other.url)).status).toBe(204);
  });

  test('values that come twice are joined by a comma, as the real host does', async () => {
    const { url } = await start('web');
    const { query, headers } = await echo(`${url}/api/unnamed?a=1&a=2&empty=`, {
      headers: [
        ['x-twice', '1'],
        ['x-twice', '2'],
      ],
    });
    expect(query).toEqual([
      ['a', '1,2'],
      ['empty', ''],
    ]);
    expect(headers['x-twice']).toBe('1, 2');
  });

  test.each([
    ['/api/files/..%2f..%2fetc%2fpasswd', { path: '..%2f..%2fetc%2fpasswd' }],
    ['/api/files/a/%2e%2e/b', { path: 'b' }],
    ['/api/files/%FF%FE', { path: '%FF%FE' }],
    ['/api/files/%c3%28', { path: '%c3%28' }],
    ['/api/files/100%', { path: '100%' }],
    ['/api/files/%252e%252e', { path: '%2e%2e' }],
    ['/api/files/a\\..\\b', { path: 'a\\..\\b' }],
    ['/api/files/__proto__', { path: '__proto__' }],
  ])('the path of %s is decoded once and stays inside its route', async (path, params) => {
    const { url } = await start('web');
    const answer = await raw(url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(statusOf(answer)).toBe(200);
    expect(
      (JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Echo).params,
    ).toEqual(params);
  });

  test('dot segments cannot leave the route prefix', async () => {
    const { url } = await start('web');
    const answer = await raw(
      url,
      'GET /api/files/../../../x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(404);
  });

  test('__proto__ in query and headers changes no object', async () => {
    const { url } = await start('web');
    const { query, name } = await echo(`${url}/api/unnamed?__proto__=x&constructor=y&a=1`, {
      headers: { constructor: 'z' },
    });
    expect(name).toBe('unnamed');
    expect(query).toContainEqual(['a', '1']);
    expect(query).toContainEqual(['constructor', 'y']);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });
});

describe('malformed requests', () => {
  const start = withHosts();

  test.each([
    [
      'a null byte in the path',
      'GET /api/files/%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    [
      'raw bytes in the path',
      'GET /api/files/\u00ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      400,
    ],
    ['no Host', 'GET /api/unnamed HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a strange Host', 'GET /api/unnamed HTTP/1.1\r\nHost: a b@c\r\nConnection: close\r\n\r\n', 400],
    ['a target of no path', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400],
    [
      'two lengths',
      'POST /api/items HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'a very long path',
      `GET /api/files/${'a'.repeat(9_000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
      414,
    ],
    ['very long headers', `GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
  ])('%s is refused', async (_what, text, status) => {
    const { url } = await start('web');
    expect(statusOf(await raw(url, text))).toBe(status);
  });

  test('an absolute target is read like its path', async () => {
    const { url } = await start('web');
    const answer = await raw(
      url,
      'GET http://localhost/api/items/5?x=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('"name":"number"');
  });

  test('a client that never finishes its headers is cut off', async () => {
    const { url } = await start('web', { limits: { headersTimeoutMs: 50, checkEveryMs: 20 } });
    expect(statusOf(await raw(url, 'GET / HTTP/1.1\r\nHost: loc'))).toBe(408);
  });

  test('a client that never finishes its body is cut off', async () => {
    const { url } = await start('web', {
      limits: { headersTimeoutMs: 50, requestTimeoutMs: 100, checkEveryMs: 20 },
    });
    const answer = await raw(
      url,
      'POST /api/length HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc',
    );
    expect(statusOf(answer)).toBe(408);
  });

  test('a foreign host name is turned away while no keys are set', async () => {
    const { url } = await start('web');
    const answer = await raw(
      url,
      'GET /api/unnamed HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n',
    );
    expect(statusOf(answer)).toBe(421);
  });
});

describe('answers', () => {
  const start = withHosts();

  test('a function that returns nothing gives 204', async () => {
    const { url } = await start('web');
    const answer = await fetch(`${url}/api/nothing`);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('content-length')).toBeNull();
  });

  test.each(['throws', 'throwsText', 'text'])('%s gives 500 and says nothing of why', async (name) => {
    const log: string[] = [];
    const { url } = await start('web', { log: (line) => log.push(line) });
    const answer = await fetch(`${url}/api/${name}`);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('');
    expect(log.join('\n')).toMatch(/failed after .*(secret place|only a text|must be an object)/);
  });

  test('status, headers and bytes arrive as the function gave them', async () => {
    const { url } = await start('web');
    const teapot = await fetch(`${url}/api/teapot`);
    expect([teapot.status, teapot.headers.get('x-kind'), await teapot.text()]).toEqual([
      418,
      'pot',
      'short and stout',
    ]);
    const bytes = await fetch(`${url}/api/bytes`);
    expect([...new Uint8Array(await bytes.arrayBuffer())]).toEqual([0, 255, 1]);
  });

  test('cookies take the form of the real host', async () => {
    const { url } = await start('web');
    expect((await fetch(`${url}/api/cookies`)).headers.getSetCookie()).toEqual([
      'plain=a%20b; path=/',
      'full=1; max-age=5; path=/api; secure; samesite=strict; httponly',
    ]);
  });

  test('a compressed body reaches the function compressed', async () => {
    const { url } = await start('web');
    const answer = await fetch(`${url}/api/unzip`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync('plain words'),
    });
    expect(await answer.json()).toEqual({ encoding: 'gzip', text: 'plain words' });
  });
});

describe('large bodies', () => {
  const start = withHosts();
  const limit = 104_857_600;

  test('a body of exactly the limit of 100 MiB is taken', async () => {
    const { url } = await start('web');
    const answer = await fetch(`${url}/api/length`, { method: 'POST', body: Buffer.alloc(limit) });
    expect(await answer.json()).toBe(limit);
  });

  test('one byte more is refused before a byte is read', async () => {
    const { url } = await start('web');
    const answer = await raw(
      url,
      `POST /api/length HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${limit + 1}\r\n\r\n`,
    );
    expect(statusOf(answer)).toBe(413);
  });

  test('a body without a length is refused where it passes the limit of the setting', async () => {
    const { url } = await start('web', { environment: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' } });
    const send = (size: number) =>
      new Promise<number>((resolve, reject) => {
        const sending = httpRequest(`${url}/api/length`, { method: 'POST' }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        sending.on('error', reject);
        sending.write(Buffer.alloc(size - 1));
        sending.end(Buffer.alloc(1));
      });
    expect(await send(1000)).toBe(200);
    expect(await send(1001)).toBe(413);
  });

  test('a limit that is no number is refused by name', async () => {
    await expect(
      start('web', { environment: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: 'plenty' } }),
    ).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      culprit: { setting: 'FUNCTIONS_REQUEST_BODY_SIZE_LIMIT' },
    });
  });
});

describe('a stop', () => {
  const start = withHosts();
  const heard = new Heard<{ waits: string }>();

  test('lets a running request end and takes no new one', async () => {
    const host = await start('web');
    const answer = fetch(`${host.url}/api/waits?name=stop`);
    await heard.next(({ waits }) => waits === 'stop');
    const stopping = host.stop();
    await expect(fetch(`${host.url}/api/nothing`)).rejects.toThrow('fetch failed');
    outerProcess.emit('release stop');
    expect(await (await answer).text()).toBe('released stop');
    await stopping;
  });

  test('gives up on a request that does not end in time, and says which', async () => {
    const log: string[] = [];
    const host = await start('web', { stopLimitMs: 0, log: (line) => log.push(line) });
    const answer = fetch(`${host.url}/api/waits?name=never`).catch(String);
    await heard.next(({ waits }) => waits === 'never');
    await host.stop();
    expect(await answer).toContain('fetch failed');
    expect(log.join('\n')).toContain('stopped while these functions ran: waits');
    outerProcess.emit('release never');
  });

  test('leaves the port free for the next start, with functions registered anew', async () => {
    const first = await start('web');
    await first.stop();
    const second = await start('web', { port: Number(new URL(first.url).port) });
    expect(second.url).toBe(first.url);
    expect((await fetch(`${second.url}/api/nothing`)).status).toBe(204);
    await expect(start('web', { port: Number(new URL(first.url).port) })).rejects.toMatchObject({
      code: 'HOST_ADDRESS_TAKEN',
      message: expect.stringContaining('--port 0'),
    });
  });
});
