import { describe, expect, test } from '@jest/globals';
import { contextsOf } from '../../../src/alerts/enrich/nodeContext';
import { rankGroups } from '../../../src/alerts/rank';
import { inWords, shortened, symptomOf } from '../../../src/alerts/rank/symptomWords';
import { alertsOf, graphOf, type AlertGiven } from './storm';

const shop = graphOf(
  [{ id: 'web', criticality: 1 }, { id: 'checkout' }, { id: 'payment' }],
  [
    ['web', 'checkout'],
    ['checkout', 'payment'],
  ],
);

function nameOf(given: readonly AlertGiven[]): string {
  const enriched = alertsOf(shop, given);
  const grouping = { group: new Int32Array(given.length), groups: 1 };
  const now = '2026-03-02T11:00:00.000000Z';
  return rankGroups({ enriched, grouping, index: shop, contextOf: contextsOf(shop), now })[0]!.name;
}

describe('names by rules', () => {
  test('one service alone is named with what it shows, the worst first', () => {
    expect(
      nameOf([
        { service: 'payment', name: 'HighLatency', minute: 0 },
        { service: 'payment', name: 'HighErrorRate', minute: 1, severity: 'critical' },
      ]),
    ).toBe('payment: errors and latency');
  });

  test('a storm is named by where it is felt and what came before', () => {
    expect(
      nameOf([
        { service: 'payment', name: 'PodMemoryNearLimit', minute: 0 },
        { service: 'checkout', name: 'HighErrorRate', minute: 1 },
        { service: 'web', name: 'p99 over budget', minute: 2 },
      ]),
    ).toBe('web: latency after payment memory pressure');
  });

  test('alerts without a service of the graph are named by the service that they say, or by where they are', () => {
    expect(nameOf([{ service: 'mainframe', name: 'JobFailed', minute: 0 }])).toBe('mainframe: errors');
    expect(nameOf([{ service: null, name: '', minute: 0 }])).toBe('alerts without a name');
  });

  test('a service name cannot break the line', () => {
    expect(nameOf([{ service: 'a\nb\u202e', name: 'HostDown', minute: 0 }])).toBe('a b: outage');
  });

  test.each([
    ['HighErrorRate', 'errors'],
    ['KubePodCrashLooping', 'restarts'],
    ['HostOutOfDiskSpace', 'disk trouble'],
    ['BlackboxSslCertificateExpired', 'certificate trouble'],
    ['RabbitmqTooManyUnackMessages', 'rabbitmq too many unack messages'],
    ['InstanceDown', 'outage'],
    ['RequestLatencyHigh', 'latency'],
    ['HostHighCpuLoad', 'processor saturation'],
  ])('%s is %s', (name, symptom) => {
    expect(symptomOf(name)).toBe(symptom);
  });

  test('names in camel case, snake case and capitals come apart into words', () => {
    expect(inWords('HTTPServerError_5xx-total')).toBe('http server error 5xx total');
    expect(shortened('a long name that goes on', 12)).toBe('a long name…');
  });
});
