import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  demoAlertRules,
  generateServiceGraph,
  generateStorms,
  readServiceGraph,
  type GeneratedStorms,
} from '../../../src/alerts';
import { breadthFirst } from '../../../src/learn/graph';
import { timestampMs } from '../../../src/contracts';
import { indexOf } from '../consolidate/place';

let generated: GeneratedStorms;

beforeAll(() => {
  generated = generateStorms({
    seed: 8,
    graph: { nodes: 150 },
    storms: 40,
    noiseShare: 0.2,
    concurrentShare: 0.3,
  });
});

describe('generated storms', () => {
  test('are the same for the same seed, and others for another', () => {
    const options = { graph: { nodes: 60 }, storms: 5 };
    expect(generateStorms({ seed: 1, ...options })).toEqual(generateStorms({ seed: 1, ...options }));
    expect(generateStorms({ seed: 1, ...options }).alerts).not.toEqual(
      generateStorms({ seed: 2, ...options }).alerts,
    );
  });

  test('label every alert with its storm or its spell of noise, once', () => {
    const { alerts, storms, noise, labels } = generated;
    const listed = [...storms, ...noise].flatMap(({ alertIds }, label) =>
      alertIds.map((id) => [id, label] as const),
    );
    expect(new Map(listed)).toEqual(new Map(alerts.map(({ id }, alert) => [id, labels[alert]!])));
    expect(listed).toHaveLength(alerts.length);
    expect(new Set(alerts.map(({ id }) => id)).size).toBe(alerts.length);
    expect(alerts.map(({ startsAt }) => startsAt)).toEqual(alerts.map(({ startsAt }) => startsAt).toSorted());
  });

  test.each([0, 0.2, 0.5])('have the share of noise that was asked for: %p', (noiseShare) => {
    const { alerts, noise } = generateStorms({ seed: 4, graph: { nodes: 150 }, storms: 20, noiseShare });
    const noisy = noise.reduce((sum, { alertIds }) => sum + alertIds.length, 0);
    expect(noisy / alerts.length).toBeCloseTo(noiseShare, 1);
  });

  test('spread from their root to what depends on it, later the farther; little goes the other way', () => {
    const index = indexOf(generated.graph);
    const byId = new Map(generated.alerts.map((alert) => [alert.id, alert]));
    let [downstream, elsewhere] = [0, 0];
    const lags = new Map<number, number[]>();
    for (const { root, alertIds, startsAt } of generated.storms) {
      const { order, before } = breadthFirst(index.downstream, [index.nodeOf.get(root)!]);
      const hops = new Map<number, number>();
      for (const node of order) hops.set(node, before[node]! < 0 ? 0 : hops.get(before[node]!)! + 1);
      for (const id of alertIds) {
        const alert = byId.get(id)!;
        const distance = hops.get(index.nodeOf.get(alert.service!)!);
        if (distance === undefined) elsewhere++;
        else {
          downstream++;
          const lag = timestampMs(alert.startsAt) - timestampMs(startsAt);
          lags.set(distance, [...(lags.get(distance) ?? []), lag]);
        }
      }
    }
    expect(elsewhere / (downstream + elsewhere)).toBeLessThan(0.1);
    const median = (distance: number): number =>
      lags.get(distance)!.sort((a, b) => a - b)[lags.get(distance)!.length >> 1]!;
    expect(median(3)).toBeGreaterThan(median(1));
  });

  test('have everything that makes them hard: silent nodes, repeats, flapping, relayed alerts, storms side by side', () => {
    const { alerts, storms } = generated;
    const firings = new Map<string, number>();
    for (const { fingerprint } of alerts) firings.set(fingerprint, (firings.get(fingerprint) ?? 0) + 1);
    expect(Math.max(...firings.values())).toBeGreaterThan(3);
    expect(alerts.some(({ source }) => source === 'pagerduty')).toBe(true);
    const starts = storms.map(({ startsAt }) => timestampMs(startsAt)).sort((a, b) => a - b);
    const beside = starts.filter((start, storm) => storm > 0 && start - starts[storm - 1]! < 10 * 60_000);
    expect(beside.length).toBeGreaterThan(5);
  });

  test('take names and severities from the rules that are given', () => {
    const names = new Set(demoAlertRules.map(({ name }) => name));
    expect(generated.alerts.every(({ name }) => names.has(name))).toBe(true);
    const only = {
      name: 'Only',
      severity: 'info',
      description: 'x',
      technology: 'one',
      holdMinutes: 0,
    } as const;
    const { alerts } = generateStorms({ seed: 1, graph: { nodes: 30 }, storms: 3, rules: [only] });
    expect(new Set(alerts.map(({ name, severity }) => `${name} ${severity}`))).toEqual(
      new Set(['Only info']),
    );
  });

  test('grow to about as many alerts as wanted', () => {
    const { alerts } = generateStorms({ seed: 2, graph: { nodes: 300 }, alerts: 3000 });
    expect(alerts.length).toBeGreaterThan(2800);
    expect(alerts.length).toBeLessThan(4500);
  });
});

describe('generated service graphs', () => {
  test.each(['layered', 'scale-free'] as const)(
    '%s: every edge ends at a node, there are no circles, some are hubs',
    (shape) => {
      const graph = generateServiceGraph({ nodes: 400, seed: 6, shape });
      expect(graph.nodes).toHaveLength(400);
      expect(generateServiceGraph({ nodes: 400, seed: 6, shape }).version).toBe(graph.version);
      const index = indexOf(graph);
      expect(readServiceGraph({ nodes: graph.nodes, edges: graph.edges }).report.cycles.total).toBe(0);
      const dependents = graph.nodes.map(
        (_, node) => index.downstream.offsets[node + 1]! - index.downstream.offsets[node]!,
      );
      const mean = dependents.reduce((sum, count) => sum + count, 0) / dependents.length;
      expect(Math.max(...dependents)).toBeGreaterThan(5 * mean);
    },
  );

  test('of fewer than two nodes are refused', () => {
    expect(() => generateServiceGraph({ nodes: 1, seed: 1 })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', culprit: { option: 'nodes' } }),
    );
  });
});
