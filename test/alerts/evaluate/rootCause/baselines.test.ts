import { describe, expect, test } from '@jest/globals';
import {
  byInterquartileRanges,
  bySigmas,
  traversalByDeviation,
} from '../../../../src/alerts/evaluate/rootCause/baselines';
import type { FaultCase } from '../../../../src/alerts/evaluate/rootCause/faultCase';
import { graphOf } from '../../rank/storm';

const shop = graphOf(
  ['web', 'checkout', 'payment', 'stock', 'wiki'].map((id) => ({ id })),
  [
    ['web', 'checkout'],
    ['checkout', 'payment'],
    ['web', 'stock'],
  ],
);

/** Median 10 and median absolute deviation 1, except where a history is given. */
const usual = Float64Array.of(8, 9, 9, 9, 10, 10, 11, 11, 11, 12);

function fault(after: Readonly<Record<string, number>>, history = usual): FaultCase {
  return {
    name: 'test',
    kind: 'latency',
    index: shop,
    metrics: Object.entries(after).map(([id, value]) => ({
      node: shop.nodeOf.get(id)!,
      metric: 'latency',
      windows: { history, before: Float64Array.of(10, 10), after: Float64Array.of(value, value, value) },
    })),
    alerting: shop.nodeOf.get('web')!,
    complaint: { node: shop.nodeOf.get('web')!, metric: 'latency' },
    root: shop.nodeOf.get('payment')!,
    candidates: null,
  };
}

const idsOf = (ranked: readonly { node: number }[]): string[] =>
  ranked.map(({ node }) => shop.graph.nodes[node]!.id);

describe('the published baselines', () => {
  test('traversal names anomalous nodes without an anomalous dependency, by the path of anomalies to the complaint', () => {
    const named = traversalByDeviation(fault({ web: 30, checkout: 30, payment: 30, stock: 45, wiki: 90 }));
    // web 20 + checkout 20 + payment 20 against web 20 + stock 35; wiki has no path to the complaint.
    expect(idsOf(named)).toEqual(['payment', 'stock']);
    expect(named.map(({ score }) => score)).toEqual([60, 55]);
  });

  test('traversal names nobody when the complaint does not show', () => {
    expect(traversalByDeviation(fault({ web: 14, payment: 90 }))).toEqual([]);
  });

  test('a path is broken by a node that is as usual', () => {
    expect(idsOf(traversalByDeviation(fault({ web: 30, checkout: 10, payment: 90 })))).toEqual(['web']);
  });

  test('n-sigma and the robust scorer order nodes by their largest deviation', () => {
    const odd = fault({ web: 12, checkout: 15, payment: 30 });
    expect(idsOf(bySigmas(odd))).toEqual(['payment', 'checkout', 'web']);
    expect(idsOf(byInterquartileRanges(odd))).toEqual(['payment', 'checkout', 'web']);
    const deviation = Math.sqrt([...usual].reduce((sum, value) => sum + (value - 10) ** 2, 0) / usual.length);
    expect(bySigmas(odd)[0]!.score).toBeCloseTo(20 / deviation, 9);
    expect(byInterquartileRanges(odd)[0]!.score).toBeCloseTo(20 / 2, 9);
  });
});
