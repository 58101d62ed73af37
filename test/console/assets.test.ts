import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { consoleAsset } from '../../src/console/assets';

describe('the console’s assets', () => {
  test('everything that the page refers to is served by the app itself', () => {
    const page = Buffer.from(consoleAsset('')!.bytes).toString('utf8');
    const references = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(references).toContain('/console/main.js');
    for (const reference of references.filter((path) => !path.startsWith('/api/'))) {
      expect(consoleAsset(reference.slice(1))).toBeDefined();
    }
  });

  test('the compressed form is the same file', () => {
    const { bytes, gzipped } = consoleAsset('console/main.js')!;
    expect(Buffer.from(gunzipSync(gzipped)).equals(Buffer.from(bytes))).toBe(true);
  });

  test.each([
    '../assets.js',
    'console/../../assets.js',
    'console/main.js.map',
    '__proto__',
    'constructor',
    'index.html',
  ])('%s is not there', (path) => {
    expect(consoleAsset(path)).toBeUndefined();
  });
});
