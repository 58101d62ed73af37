import { expect, test } from '@jest/globals';
import type { AnomalyScore } from '../../../src/contracts';
import { indexGraph } from '../../../src/alerts/graph/graphIndex';
import { metricsOfNodes } from '../../../src/alerts/run/metricsOfNodes';

const service = (id: string, change: object = {}) => ({
  id,
  name: id,
  type: null,
  tier: null,
  team: null,
  criticality: null,
  aliases: [],
  ...change,
});
const index = indexGraph({
  version: 'three',
  nodes: [service('checkout'), service('db', { name: 'Orders DB', aliases: ['orders'] }), service('mail')],
  edges: [],
});

const score = (instance: string, change: Partial<AnomalyScore> = {}): AnomalyScore => ({
  instance,
  at: '2026-07-01T08:00:00.000000Z',
  model: 'xgboost_anomaly',
  modelVersion: 'v1',
  role: 'champion',
  unit: instance,
  score: 0.9,
  label: 1,
  confidence: 0.9,
  threshold: 0.3,
  contributionsJson: JSON.stringify([
    { feature: 'cpu', value: 97, contribution: 2 },
    { feature: 'disk', value: 3, contribution: -1 },
  ]),
  latencyMs: 1,
  scoredAt: '2026-07-01T08:00:01.000000Z',
  ...change,
});

test('anomalies belong to the service whose id, name or alias the instance has, with or without a number', () => {
  const { nodes } = metricsOfNodes(
    [score('checkout-3'), score('ORDERS'), score('somewhere-1'), score('mail', { label: 0 })],
    index,
  );
  expect([...nodes.keys()].sort((a, b) => a - b)).toEqual([0, 1]);
});

test('of several anomalies of a service the strongest counts, from the first of them on', () => {
  const { nodes } = metricsOfNodes(
    [
      score('checkout-1', { score: 0.6, at: '2026-07-01T07:50:00.000000Z' }),
      score('checkout-2', { score: 0.9 }),
    ],
    index,
  );
  const found = nodes.get(0)!;
  expect(found.local).toBeCloseTo(Math.log1p(3));
  expect(found.metrics).toEqual([
    { metric: 'cpu', times: expect.closeTo(3), direction: 'up', startedAtMs: Date.UTC(2026, 6, 1, 7, 50) },
  ]);
});
