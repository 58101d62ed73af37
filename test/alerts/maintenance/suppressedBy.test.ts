import { describe, expect, test } from '@jest/globals';
import { suppressedBy } from '../../../src/alerts';
import type { LabelMatcher } from '../../../src/contracts';
import { maintenanceWindowRow, storedAlertRow } from '../../support/warehouseRows';

const time = (minute: number): string => `2026-07-01T08:${String(minute).padStart(2, '0')}:00.000000Z`;
const window = (fields: Parameters<typeof maintenanceWindowRow>[0] = {}) =>
  maintenanceWindowRow({ startsAt: time(10), endsAt: time(20), services: ['Checkout'], ...fields });
const alert = (fields: Parameters<typeof storedAlertRow>[0] = {}) =>
  storedAlertRow({ startsAt: time(12), service: 'checkout', ...fields });

describe('a maintenance window', () => {
  test('suppresses what begins in it, and neither what began before nor what begins after', () => {
    expect(suppressedBy(alert(), [window()])?.windowId).toBe('w-1');
    expect(suppressedBy(alert({ startsAt: time(10) }), [window()])).toBeDefined();
    expect(suppressedBy(alert({ startsAt: time(9) }), [window()])).toBeUndefined();
    expect(suppressedBy(alert({ startsAt: time(20) }), [window()])).toBeUndefined();
  });

  test('no longer suppresses what outlasts it', () => {
    expect(suppressedBy(alert(), [window()], { at: time(19) })).toBeDefined();
    expect(suppressedBy(alert(), [window()], { at: time(20) })).toBeUndefined();
    const over = alert({ status: 'resolved', endsAt: time(25) });
    expect(suppressedBy(over, [window()], { at: time(30) })).toBeDefined();
  });

  test('holds for services by any of their names, for teams, and for labels', () => {
    const byTeam = window({ services: [], teams: ['Shop'] });
    expect(suppressedBy(alert({ service: 'other' }), [window()])).toBeUndefined();
    expect(suppressedBy(alert({ service: null }), [window()], { services: ['checkout'] })).toBeDefined();
    expect(suppressedBy(alert({ labels: { team: 'shop' } }), [byTeam])).toBeDefined();
    expect(suppressedBy(alert({ labels: {} }), [byTeam], { team: 'shop' })).toBeDefined();
    expect(suppressedBy(alert({ labels: {} }), [byTeam], { team: null })).toBeUndefined();
  });

  test('that names several things holds for what fits all of them', () => {
    const both = window({ teams: ['shop'] });
    expect(suppressedBy(alert({ labels: { team: 'shop' } }), [both])).toBeDefined();
    expect(suppressedBy(alert({ labels: { team: 'web' } }), [both])).toBeUndefined();
    expect(suppressedBy(alert({ service: 'cart', labels: { team: 'shop' } }), [both])).toBeUndefined();
  });

  test('that names nothing suppresses nothing', () => {
    expect(suppressedBy(alert(), [window({ services: [] })])).toBeUndefined();
  });

  test.each<[LabelMatcher, boolean]>([
    [{ label: 'env', value: 'prod-eu' }, true],
    [{ label: 'env', value: 'prod' }, false],
    [{ label: 'env', value: 'prod*' }, true],
    [{ label: 'env', value: '*eu' }, true],
    [{ label: 'env', value: 'p*-*u' }, true],
    [{ label: 'env', value: 'prod-eu*prod-eu' }, false],
    [{ label: 'env', value: '*' }, true],
    [{ label: 'env', value: '.*' }, false],
    [{ label: 'name', value: 'High*' }, true],
    [{ label: 'resource', value: 'pod-7' }, true],
    [{ label: 'constructor', value: '*' }, false],
    [{ label: 'gone', value: '*' }, false],
  ])('with the matcher %j fits: %p', (matcher, fits) => {
    const labelled = alert({ labels: { env: 'prod-eu' } });
    const found = suppressedBy(labelled, [window({ services: [], matchers: [matcher] })]);
    expect(found !== undefined).toBe(fits);
  });

  test('of several is the first by start and id, whatever their order', () => {
    const windows = [
      window({ windowId: 'w-3' }),
      window({ windowId: 'w-2' }),
      window({ startsAt: time(11) }),
    ];
    for (const order of [windows, [...windows].reverse()]) {
      expect(suppressedBy(alert(), order)?.windowId).toBe('w-2');
    }
  });

  test('with a pattern made to be slow is answered at once', () => {
    const labels = { path: 'a'.repeat(100_000) };
    const matcher = { label: 'path', value: `${'a*'.repeat(200)}b` };
    expect(suppressedBy(alert({ labels }), [window({ services: [], matchers: [matcher] })])).toBeUndefined();
  });
});
