import { describe, expect, test } from '@jest/globals';
import { consolidate, deduplicate, generateServiceGraph } from '../../../src/alerts';
import type { IndexedGraph, PlacedAlert } from '../../../src/alerts/consolidate/placement';
import { seededRandom } from '../../../src/contracts';
import { alertAt, indexOf, placed } from './place';

/** The graph, counting how often its edges are looked at. */
function counting(graph: IndexedGraph): { graph: IndexedGraph; looks: () => number } {
  let looks = 0;
  const watched = (array: Int32Array): Int32Array =>
    new Proxy(array, {
      get: (target, name) => {
        looks++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  const { upstream, downstream } = graph;
  return {
    graph: {
      ...graph,
      upstream: { ...upstream, targets: watched(upstream.targets) },
      downstream: { ...downstream, targets: watched(downstream.targets) },
    },
    looks: () => looks,
  };
}

const index = indexOf(generateServiceGraph({ nodes: 150, seed: 3 }));

/** Alerts of all services, each its own condition, within `minutes`. */
function crowd(count: number, minutes: number): PlacedAlert[] {
  const random = seededRandom(9);
  const alerts = Array.from({ length: count }, (_, number) =>
    alertAt(random.next() * minutes, index.graph.nodes[number % 150]!.id, `Condition${number}`),
  );
  return placed(alerts, index);
}

describe('work', () => {
  test.each([
    ['in one window', 10, 10],
    ['spread over time', 250, 2000],
  ])('on alerts %s grows no faster than their number', (_, few, many) => {
    const looksAt = (count: number, minutes: number): number => {
      const { graph, looks } = counting(index);
      const alerts = crowd(count, minutes);
      const grouping = consolidate(alerts, graph, { windowMinutes: 15 });
      const causes = Int32Array.from(grouping.evidence, ({ lead }) => alerts[lead]!.node);
      deduplicate(alerts, grouping, graph, { windowMinutes: 15, causes });
      return looks();
    };
    expect(looksAt(4000, many)).toBeLessThan(looksAt(500, few) * 8 * 1.3);
  });

  test('on one condition that fires fifty thousand times is one look at it', () => {
    const { graph, looks } = counting(index);
    const one = alertAt(0, index.graph.nodes[0]!.id, 'Down');
    const alerts = placed(
      Array.from({ length: 50_000 }, (_, number) => ({ ...one, id: `id-${number}` })),
      index,
    );
    const grouping = consolidate(alerts, graph, { windowMinutes: 15 });
    expect(grouping.groups).toBe(1);
    expect(looks()).toBeLessThan(5000);
    const { role } = deduplicate(alerts, grouping, graph, { windowMinutes: 15 });
    expect(role.filter((own) => own === 'primary')).toHaveLength(1);
  });
});
