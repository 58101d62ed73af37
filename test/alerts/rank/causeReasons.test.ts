import { describe, expect, test } from '@jest/globals';
import { contextsOf } from '../../../src/alerts/enrich/nodeContext';
import {
  rankGroups,
  type MetricAnomalies,
  type MetricsOfStorm,
  type ServiceChange,
} from '../../../src/alerts/rank';
import { alertsOf, graphOf, stormStart } from './storm';

const shop = graphOf(
  ['web', 'payment'].map((id) => ({ id })),
  [['web', 'payment']],
);

function reasonsOf(given: { metrics?: MetricsOfStorm; changes?: ServiceChange[] }): readonly string[] {
  const enriched = alertsOf(shop, [
    { service: 'payment', minute: 30 },
    { service: 'web', minute: 31 },
  ]);
  const [group] = rankGroups({
    enriched,
    grouping: { group: Int32Array.of(0, 0), groups: 1 },
    index: shop,
    contextOf: contextsOf(shop),
    now: '2026-03-02T11:00:00.000000Z',
    ...given,
  });
  expect(group!.causes[0]!.id).toBe('payment');
  return group!.causes[0]!.reasons;
}

describe('reasons of a cause', () => {
  test('name the metric that went beyond its past, and since when', () => {
    const metrics: MetricAnomalies = {
      nodes: new Map([
        [
          1,
          {
            requests: 3,
            local: 0,
            metrics: [
              {
                metric: 'latency_p99',
                times: 12.34,
                direction: 'up',
                startedAtMs: Date.parse('2026-03-02T10:27:00Z'),
              },
              { metric: 'cpu', times: 0.4, direction: 'up', startedAtMs: Number.NaN },
            ],
          },
        ],
      ]),
      calls: new Map(),
    };
    expect(reasonsOf({ metrics: () => metrics }).filter((reason) => /past/.test(reason))).toEqual([
      'latency_p99 went up from 10:27 UTC on, by 12 times the largest change of its past.',
    ]);
  });

  test('name changes of the service in the hour before, and no others', () => {
    const at = (minute: number): string => new Date(Date.parse(stormStart) + minute * 60_000).toISOString();
    const changes = [
      { service: 'payment', at: at(26), summary: 'Deployment of payment 1.4' },
      { service: 'payment', at: at(-60), summary: 'Deployment of payment 1.3' },
      { service: 'payment', at: at(40), summary: 'Rollback of payment' },
      { service: 'web', at: at(29), summary: 'Deployment of web 9' },
    ];
    expect(reasonsOf({ changes }).filter((reason) => /Deployment|Rollback/.test(reason))).toEqual([
      'Deployment of payment 1.4, 4 minutes before its first alert.',
    ]);
  });
});
