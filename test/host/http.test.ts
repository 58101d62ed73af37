import { describe, expect, test } from '@jest/globals';
import { withHosts } from './fixtureHost';

interface Echo {
  name: string;
  params: Record<string, string>;
  query: [string, string][];
  headers: Record<string, string>;
  url: string;
  method: string;
}

describe('HTTP', () => {
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
});
