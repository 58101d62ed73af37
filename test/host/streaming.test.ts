import { request as httpRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { withHosts } from './fixtureHost';

describe('streaming', () => {
  const start = withHosts();

  test('an answer begins before the request has ended', async () => {
    const { url } = await start('streaming');
    const sending = httpRequest(`${url}/api/upper`, { method: 'POST' });
    sending.write('first ');
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    const [first] = (await once(response, 'data')) as [Buffer];
    expect(first.toString()).toBe('FIRST ');
    const rest: string[] = [];
    response.on('data', (chunk: Buffer) => rest.push(chunk.toString()));
    sending.end('last');
    await once(response, 'end');
    expect(rest.join('')).toBe('LAST');
    expect(response.headers['content-type']).toBe('text/plain');
  });

  test('a body over the limit is refused, announced or not', async () => {
    const { url } = await start('streaming', { environment: { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000' } });
    expect((await fetch(`${url}/api/size`, { method: 'POST', body: 'x'.repeat(1000) })).status).toBe(200);
    expect((await fetch(`${url}/api/size`, { method: 'POST', body: 'x'.repeat(1001) })).status).toBe(413);
    const body = new Blob(['x'.repeat(1001)]).stream();
    const unannounced = await fetch(`${url}/api/size`, { method: 'POST', body, duplex: 'half' });
    expect(unannounced.status).toBe(413);
  });

  test('route values, headers and every value of a repeated query name arrive', async () => {
    const { url } = await start('streaming');
    const answer = await fetch(`${url}/api/query/7?a=1&a=2`, { headers: { 'x-trace': 't' } });
    expect(await answer.json()).toEqual({ all: ['1', '2'], id: '7', trace: 't' });
  });

  test('a function that throws gives 500 without a word', async () => {
    const { url } = await start('streaming');
    const answer = await fetch(`${url}/api/fails`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(500);
    expect(await answer.text()).toBe('');
  });

  test('an answer that breaks off half way ends in a broken connection, not in a short answer', async () => {
    const { url } = await start('streaming');
    const text = fetch(`${url}/api/breaks`).then((answer) => answer.text());
    await expect(text).rejects.toThrow(/terminated|fetch failed/);
  });

  test('a function that returns nothing gives 204', async () => {
    const { url } = await start('streaming');
    expect((await fetch(`${url}/api/nothing`)).status).toBe(204);
  });
});
