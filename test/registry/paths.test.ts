import { describe, expect, test } from '@jest/globals';
import {
  compareVersions,
  decodeSegment,
  embedderScope,
  encodeSegment,
  techCenterScope,
} from '../../src/registry';
import { checkFilePath, checkVersion, nameOfScope } from '../../src/registry/paths';

describe('segments of blob names', () => {
  test.each([
    ['Service Desk', 'Service%20Desk'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['.hidden', '%2Ehidden'],
    ['ends.', 'ends%2E'],
    ['a/b', 'a%2Fb'],
    ['a\\b', 'a%5Cb'],
    ['_embedding', '%5Fembedding'],
    ['anomaly', '%61nomaly'],
    ['100%', '100%25'],
    ['%2E', '%252E'],
    ["it's (new)*~!", 'it%27s%20%28new%29%2A%7E%21'],
    ['日本', '%E6%97%A5%E6%9C%AC'],
    ['a\0b', 'a%00b'],
    ['ä', '%C3%A4'],
    ['a\u0308', 'a%CC%88'],
  ])('%j is written %j, and read back', (text, encoded) => {
    expect(encodeSegment(text)).toBe(encoded);
    expect(decodeSegment(encoded)).toBe(text);
  });

  test.each(['', '\ud800', 'x'.repeat(701), '日'.repeat(80)])('%j is refused', (text) => {
    expect(() => encodeSegment(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test.each(['', '..', 'a/b', '%2e%2e', '%zz', 'a b', '_x', 'anomaly'])(
    'the segment %j, which nothing encodes to, is not read',
    (segment) => {
      expect(() => decodeSegment(segment)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    },
  );

  test.each(['Service Desk', '../x', 'anomaly', '日本'])(
    'people read the scope of %j as its name',
    (name) => {
      expect(nameOfScope(techCenterScope(name))).toBe(name);
    },
  );

  test('the embedder’s scope, and one of another kind, are no tech centres', () => {
    expect(nameOfScope(embedderScope)).toBe('the local embedder');
    expect(nameOfScope('models/anomaly/cpu')).toBe('models/anomaly/cpu');
  });

  test('a tech centre cannot reach into another scope', () => {
    expect(techCenterScope('../models/Other')).toBe('models/%2E.%2Fmodels%2FOther');
  });
});

describe('versions', () => {
  test('are ordered by year, quarter and number, not as text', () => {
    const versions = ['2026/q3/r10', '2026/q4/r1', '2025/q4/r9', '2026/q3/r9'];
    expect(versions.sort(compareVersions)).toEqual(['2025/q4/r9', '2026/q3/r9', '2026/q3/r10', '2026/q4/r1']);
  });

  test('may be counted through', () => {
    expect(checkVersion('v12')).toBe('v12');
    expect(['v10', 'v9', 'v1'].sort(compareVersions)).toEqual(['v1', 'v9', 'v10']);
    expect(compareVersions('v9', '2026/q3/r1')).toBeLessThan(0);
  });

  test.each([
    'v0',
    'v',
    'v01',
    'V1',
    'v1/..',
    'v1\n',
    '2026/q3',
    '2026/q3/r0',
    '2026/q3/r1/..',
    '../../2026/q3/r1',
    '2026/q5/r1',
    '2026/q3/r1\n',
  ])('%j is no version', (version) => {
    expect(() => checkVersion(version)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  test.each(['', '/a', 'a/', 'a//b', '../a', 'a/../b', 'a/./b', '.a', 'a..b', 'a b', 'a\\b', 'ä'])(
    '%j is no path of a model file',
    (path) => {
      expect(() => checkFilePath(path)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    },
  );
});
