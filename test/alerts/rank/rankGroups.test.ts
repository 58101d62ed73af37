import { describe, expect, test } from '@jest/globals';
import { contextsOf } from '../../../src/alerts/enrich/nodeContext';
import { rankGroups } from '../../../src/alerts/rank';
import { alertsOf, graphOf, type AlertGiven } from './storm';

const shop = graphOf(
  [
    { id: 'web', criticality: 1 },
    { id: 'checkout', criticality: 0.9 },
    { id: 'payment', criticality: 0.5 },
    { id: 'ledger', criticality: 0.5 },
    { id: 'wiki', criticality: 0.1 },
  ],
  [
    ['web', 'checkout'],
    ['checkout', 'payment'],
    ['payment', 'ledger'],
  ],
);
const now = '2026-03-02T11:00:00.000000Z';

function rank(given: readonly AlertGiven[], group: readonly number[]): ReturnType<typeof rankGroups> {
  return rankGroups({
    enriched: alertsOf(shop, given),
    grouping: { group: Int32Array.from(group), groups: Math.max(...group) + 1 },
    index: shop,
    contextOf: contextsOf(shop),
    now,
  });
}

describe('ranked groups', () => {
  const paymentStorm: AlertGiven[] = [
    { service: 'payment', name: 'HighErrorRate', minute: 0, severity: 'critical' },
    { service: 'checkout', name: 'RequestLatencyHigh', minute: 2 },
    { service: 'web', name: 'SlowPages', minute: 4 },
  ];

  test('a storm is put down to the service that the others depend on, and named by it', () => {
    const [group] = rank(paymentStorm, [0, 0, 0]);
    expect(group!.causes[0]!.id).toBe('payment');
    expect(group!.name).toBe('web: latency after payment errors');
    expect(group!.namedBy).toBe('rules');
  });

  test('reasons name the alert, its time, the dependents and the dependencies', () => {
    const [group] = rank(paymentStorm, [0, 0, 0]);
    expect(group!.causes[0]!.reasons.slice(0, 3)).toEqual([
      '"HighErrorRate" (critical) began on payment at 10:00 UTC, 2 minutes before any other service.',
      expect.stringMatching(
        /^2 of the 2 other alerting services depend on it .*; a fault here explains \d+ % of the group\.$/,
      ),
      'None of the services that it depends on (1) has alerts here.',
    ]);
  });

  test('reasons speak of one service as of one', () => {
    const [two] = rank(paymentStorm.slice(0, 2), [0, 0]);
    expect(two!.causes[0]!.reasons[1]).toMatch(/^The only other alerting service depends on it /);
  });

  test('the storm that touches customers comes before the wiki', () => {
    const ranked = rank([{ service: 'wiki', minute: 0 }, ...paymentStorm], [0, 1, 1, 1]);
    expect(ranked.map(({ group, rank: place }) => [group, place])).toEqual([
      [1, 1],
      [0, 2],
    ]);
  });

  test('parts of the importance sum to it', () => {
    for (const { importance, importanceParts } of rank(paymentStorm, [0, 1, 0])) {
      const sum = Object.values(importanceParts).reduce((total, points) => total + points, 0);
      expect(sum).toBeCloseTo(importance, 9);
      expect(importance).toBeGreaterThan(0);
      expect(importance).toBeLessThanOrEqual(100);
    }
  });

  test('alerts that are on no node make a group without causes, named by what they say', () => {
    const [group] = rank([{ service: null, name: 'CertificateExpiresSoon', minute: 0 }], [0]);
    expect(group!.causes).toEqual([]);
    expect(group!.name).toBe('certificate expires soon');
  });

  test('a group without alerts is ranked last and does not stop the rest', () => {
    const ranked = rank(paymentStorm, [0, 0, 2]);
    expect(ranked.map(({ group }) => group)).toEqual([0, 2, 1]);
  });
});
