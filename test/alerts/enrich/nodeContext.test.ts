import { describe, expect, test } from '@jest/globals';
import { contextsOf, listed } from '../../../src/alerts/enrich/nodeContext';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { graphOf, nodeOf } from './alerts';

const chain = indexGraph(
  graphOf(
    [
      nodeOf('shop', { criticality: 0.9 }),
      nodeOf('api', { criticality: 0.4 }),
      nodeOf('store', { tier: 3 }),
      nodeOf('admin', { tier: 1 }),
      'alone',
    ],
    ['shop api', 'api store', 'admin store'],
  ),
);

describe('the context of a service', () => {
  const contextOf = contextsOf(chain);

  test('holds what it depends on and what depends on it, the nearest first', () => {
    expect(contextOf(0)).toMatchObject({
      upstream: [1, 2],
      upstreamCount: 2,
      downstream: [],
      downstreamCount: 0,
    });
    expect(contextOf(2)).toMatchObject({ upstream: [], downstream: [1, 3, 0], downstreamCount: 3 });
  });

  test('leads to the nearest critical service that is hurt', () => {
    expect(contextOf(2).pathToCritical).toEqual([2, 3]);
    expect(contextOf(1).pathToCritical).toEqual([1, 0]);
    expect(contextOf(0).pathToCritical).toEqual([0]);
    expect(contextOf(4).pathToCritical).toBeNull();
  });

  test('weighs what depends on it by criticality and tier', () => {
    // store has tier 3, weight 0.4; admin tier 1, weight 0.8; alone the usual 0.5.
    expect(contextOf(2).blastRadius).toBeCloseTo((0.9 + 0.4 + 0.8) / (0.9 + 0.4 + 0.8 + 0.5), 12);
    expect(contextOf(1).blastRadius).toBeCloseTo(0.9 / (0.9 + 0.4 + 0.8 + 0.5), 12);
    expect(contextOf(4).blastRadius).toBe(0);
  });

  test('is worked out once', () => {
    expect(contextOf(2)).toBe(contextOf(2));
  });
});

test('services in a circle hurt each other, but not themselves', () => {
  const contextOf = contextsOf(indexGraph(graphOf(['a', 'b', 'c'], ['a b', 'b c', 'c a', 'a a'])));
  expect(contextOf(0)).toMatchObject({ upstream: [1, 2], downstream: [2, 1], blastRadius: 1 });
});

test('lists are cut, counts are not', () => {
  const clients = Array.from({ length: 200 }, (_, number) => `client-${number}`);
  const contextOf = contextsOf(
    indexGraph(
      graphOf(
        ['hub', ...clients],
        clients.map((id) => `${id} hub`),
      ),
    ),
  );
  expect(contextOf(0).downstream).toHaveLength(listed);
  expect(contextOf(0)).toMatchObject({ downstreamCount: 200, blastRadius: 1 });
});
