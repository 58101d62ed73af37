import { describe, expect, test } from '@jest/globals';
import { SplitCounter } from '../../../src/anomalies/route/splitCounter';
import { positionOf, roleOf } from '../../../src/anomalies/route/split';
import { unitOf } from '../../../src/anomalies/route/unit';

const units = Array.from({ length: 20_000 }, (_, index) => `user-${index}`);
const share = 0.3;
const challengers = (salt: string, of = share) =>
  units.filter((unit) => roleOf(positionOf(unit, salt), of) === 'challenger');

describe('the split of units', () => {
  test('is the same for ever: positions are a matter of the digest', () => {
    // First six bytes of sha256("quarterdeck\0web-1"), over 2^48.
    expect(positionOf('web-1', 'quarterdeck')).toBe(0.7994230847843404);
  });

  test('gives the challenger its share, and another salt deals anew', () => {
    const first = challengers('one');
    expect(first.length / units.length).toBeCloseTo(share, 2);
    const second = new Set(challengers('two'));
    const both = first.filter((unit) => second.has(unit)).length / units.length;
    expect(both).toBeCloseTo(share * share, 2);
  });

  test('a share that grows moves units one way only', () => {
    const larger = new Set(challengers('one', 0.5));
    expect(challengers('one', 0.1).every((unit) => larger.has(unit))).toBe(true);
    expect(challengers('one', 0)).toEqual([]);
    expect(challengers('one', 1)).toHaveLength(units.length);
  });
});

describe('the check of the split', () => {
  const split = { key: 'now', share };
  const fill = (counter: SplitCounter, role: (unit: string) => 'champion' | 'challenger') => {
    for (const unit of units) counter.record(split, positionOf(unit, 's'), role(unit));
  };

  test('a split as the weights want it raises no alarm, however often a unit asks', () => {
    const counter = new SplitCounter();
    const role = (unit: string) => roleOf(positionOf(unit, 's'), share);
    fill(counter, role);
    for (let again = 0; again < 5_000; again++)
      counter.record(split, positionOf('user-1', 's'), role('user-1'));
    const check = counter.check(split);
    expect(check.champion + check.challenger).toBe(units.length);
    expect(check).toMatchObject({ mismatch: false, expectedChallengerShare: share });
  });

  test('a challenger that is answered for by the champion now and then does', () => {
    const counter = new SplitCounter();
    fill(counter, (unit) => {
      const role = roleOf(positionOf(unit, 's'), share);
      return role === 'challenger' && unit.endsWith('7') ? 'champion' : role;
    });
    expect(counter.check(split)).toMatchObject({ mismatch: true });
  });

  test('new weights start a new count', () => {
    const counter = new SplitCounter();
    fill(counter, () => 'champion');
    expect(counter.check(split).mismatch).toBe(true);
    const later = { key: 'later', share: 0 };
    counter.record(later, 0.5, 'champion');
    expect(counter.check(later)).toEqual({
      champion: 1,
      challenger: 0,
      expectedChallengerShare: 0,
      p: 1,
      mismatch: false,
    });
    counter.record(later, 0.6, 'challenger');
    expect(counter.check(later).mismatch).toBe(true);
  });

  test('a request that began under the weights before takes nothing from the count of now', () => {
    const counter = new SplitCounter();
    fill(counter, (unit) => roleOf(positionOf(unit, 's'), share));
    const before = counter.check(split);
    counter.record({ key: 'before', share: 0.9 }, 0.5, 'challenger');
    expect(counter.check(split)).toEqual(before);
    counter.record(split, 0.123, 'challenger');
    expect(counter.check(split).challenger).toBe(before.challenger + 1);
  });

  test('weights that nobody has met yet have no count, and old ones are forgotten in time', () => {
    const counter = new SplitCounter();
    counter.record(split, 0.5, 'champion');
    expect(counter.check({ key: 'next', share })).toMatchObject({
      champion: 0,
      challenger: 0,
      mismatch: false,
    });
    for (let stage = 0; stage < 8; stage++)
      counter.record({ key: `canary ${stage}`, share }, 0.5, 'champion');
    expect(counter.check(split).champion).toBe(0);
  });
});

describe('what a request is routed by', () => {
  const headers = (given: Record<string, string>) => new Headers(given);
  const newId = () => 'new-id';

  test('the header comes before the cookie, the cookie before the instance', () => {
    const all = headers({ 'x-quarterdeck-unit': ' ann ', cookie: 'quarterdeck_unit=bob' });
    expect(unitOf(all, 'web-1', newId)).toEqual({ unit: 'ann', setCookie: undefined });
    expect(unitOf(headers({ cookie: 'x=1; quarterdeck_unit=bob; y=2' }), 'web-1', newId).unit).toBe('bob');
    expect(unitOf(headers({ cookie: 'quarterdeck_unit=' }), 'web-1', newId)).toEqual({
      unit: 'web-1',
      setCookie: undefined,
    });
  });

  test('whoever brings nothing gets a cookie to come back with', () => {
    const { unit, setCookie } = unitOf(headers({}), undefined, newId);
    expect(unit).toBe('new-id');
    expect(setCookie).toContain('quarterdeck_unit=new-id;');
  });

  test('a name of any length is cut', () => {
    expect(unitOf(headers({ 'x-quarterdeck-unit': 'x'.repeat(5_000) }), undefined, newId).unit).toHaveLength(
      200,
    );
  });
});
