import { describe, expect, test } from '@jest/globals';
import { contextsOf } from '../../../src/alerts/enrich/nodeContext';
import { rankGroups, type AlertHistory, type RankedGroup } from '../../../src/alerts/rank';
import type { GraphIndex } from '../../../src/alerts/graph/graphIndex';
import { alertsOf, graphOf, type AlertGiven } from './storm';

const shop = graphOf(
  [
    { id: 'web', tier: 0 },
    { id: 'checkout', tier: 1 },
    { id: 'payment', tier: 2 },
    { id: 'wiki', tier: 4 },
  ],
  [
    ['web', 'checkout'],
    ['checkout', 'payment'],
  ],
);

function judge(
  given: readonly AlertGiven[],
  {
    index = shop,
    history,
    now = '2026-03-02T11:00:00.000000Z',
  }: { index?: GraphIndex; history?: AlertHistory; now?: string } = {},
): RankedGroup {
  const enriched = alertsOf(index, given);
  const grouping = { group: new Int32Array(given.length), groups: 1 };
  return rankGroups({ enriched, grouping, index, contextOf: contextsOf(index), now, history })[0]!;
}

const base: AlertGiven = { service: 'payment', minute: 0 };

describe('importance', () => {
  test('rises with severity, reach, users, novelty and persistence', () => {
    const usual = judge([base]).importance;
    expect(judge([{ ...base, severity: 'critical' }]).importance).toBeGreaterThan(usual);
    expect(judge([{ ...base, service: 'wiki' }]).importance).toBeLessThan(usual);
    expect(judge([base], { now: '2026-03-02T22:00:00.000000Z' }).importance).toBeGreaterThan(usual);
    const known = new Map([['HighErrorRate/payment', 50]]);
    expect(judge([base], { history: known }).importance).toBeLessThan(
      judge([base], { history: new Map() }).importance,
    );
    const users = (count: string): number =>
      judge([{ ...base, labels: { affected_users: count } }]).importance;
    expect(users('900000')).toBeGreaterThan(users('12'));
  });

  test('what ended weighs less than what lasts', () => {
    expect(judge([{ ...base, endsAfterMinutes: 5 }]).importance).toBeLessThan(judge([base]).importance);
  });

  test('stays between 0 and 100 at both ends', () => {
    const worst = judge(
      [{ service: 'payment', minute: 0, severity: 'critical', labels: { users: '1e12' } }],
      {
        history: new Map(),
        now: '2026-03-09T10:00:00.000000Z',
      },
    );
    const least = judge([{ service: null, minute: 0, severity: 'info', endsAfterMinutes: 0 }], {
      history: new Map([['HighErrorRate/null', 1_000_000]]),
    });
    expect(worst.importance).toBeLessThanOrEqual(100);
    expect(worst.importance).toBeGreaterThan(75);
    expect(least.importance).toBeGreaterThanOrEqual(0);
    expect(least.importance).toBeLessThan(15);
  });

  test('a part that nothing is known of is left out, and the rest make up the hundred', () => {
    expect(judge([base]).importanceParts).not.toHaveProperty('novelty');
    expect(judge([base], { history: new Map() }).importanceParts).toHaveProperty('novelty');
    const bare = graphOf([{ id: 'payment' }], []);
    expect(Object.keys(judge([base], { index: bare }).importanceParts).sort()).toEqual([
      'blastRadius',
      'persistence',
      'severity',
    ]);
  });

  test('a label that is no number of users is not one', () => {
    const odd = judge([{ ...base, labels: { users: 'many' } }]);
    expect(odd.importance).toBe(judge([base]).importance);
  });
});
