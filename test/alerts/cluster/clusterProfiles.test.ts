import { describe, expect, test } from '@jest/globals';
import { clusterProfiles, type ProfiledAlert } from '../../../src/alerts/cluster';

const alert = (name: string, service: string | null, severity: ProfiledAlert['severity']): ProfiledAlert => ({
  name,
  service,
  severity,
});

describe('the profile of a kind of alert', () => {
  test('says how many there are, of what names, services and severities, and what is most common', () => {
    const alerts = [
      alert('HighLatency', 'checkout', 'critical'),
      alert('HighLatency', 'cart', 'warning'),
      alert('ErrorRate', 'checkout', 'critical'),
      alert('DiskFull', 'db', 'high'),
    ];
    const [first, second] = clusterProfiles(alerts, [0, 0, 0, 1]);
    expect(first).toEqual({
      cluster: 0,
      size: 3,
      share: 0.75,
      topAlerts: [
        { name: 'HighLatency', count: 2 },
        { name: 'ErrorRate', count: 1 },
      ],
      topServices: [
        { name: 'checkout', count: 2 },
        { name: 'cart', count: 1 },
      ],
      severities: { critical: 2, high: 0, warning: 1, low: 0, info: 0, unknown: 0 },
      mostCommonAlert: 'HighLatency',
      mostCommonService: 'checkout',
    });
    expect(second).toMatchObject({
      cluster: 1,
      size: 1,
      mostCommonAlert: 'DiskFull',
      mostCommonService: 'db',
    });
  });

  test('the largest come first, what resembles no kind last', () => {
    const labels = [2, 2, 0, -1, -1, -1, 2, 5, 0];
    const alerts = labels.map(() => alert('A', null, 'info'));
    expect(clusterProfiles(alerts, labels).map(({ cluster }) => cluster)).toEqual([2, 0, 5, -1]);
  });

  test('equally frequent names stand in order, at most five are listed, and no service is none', () => {
    const names = ['F', 'B', 'E', 'A', 'D', 'C', 'C'];
    const [only] = clusterProfiles(
      names.map((name) => alert(name, null, 'low')),
      names.map(() => 0),
    );
    expect(only!.topAlerts.map(({ name }) => name)).toEqual(['C', 'A', 'B', 'D', 'E']);
    expect(only).toMatchObject({ topServices: [], mostCommonService: null, size: 7 });
  });

  test('no alerts have no profiles', () => {
    expect(clusterProfiles([], [])).toEqual([]);
  });
});
