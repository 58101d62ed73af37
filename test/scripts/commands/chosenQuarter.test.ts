import { describe, expect, test } from '@jest/globals';
import { chosenQuarter } from '../../../scripts/commands/train';

describe('the quarter that a training without --year and --quarter takes', () => {
  test.each([
    ['2026-01-01T00:00:00.000Z', 2025, 'q4'],
    ['2026-01-01T02:00:00.000Z', 2025, 'q4'],
    ['2026-03-31T23:59:59.999Z', 2025, 'q4'],
    ['2026-04-01T00:00:00.000Z', 2026, 'q1'],
    ['2026-07-01T02:00:00.000Z', 2026, 'q2'],
    ['2026-12-31T23:59:59.999Z', 2026, 'q3'],
  ])('at %s is %i %s, the last one that is complete', (now, year, quarter) => {
    expect(chosenQuarter({}, Date.parse(now))).toEqual({ year, quarter });
  });

  test('is the named one, even when that still goes on', () => {
    const now = Date.parse('2026-08-15T00:00:00Z');
    expect(chosenQuarter({ year: 2026, quarter: 'q3' }, now)).toEqual({ year: 2026, quarter: 'q3' });
  });

  test.each([
    [{ year: 2026 }, '--quarter'],
    [{ quarter: 'q3' }, '--year'],
  ] as const)('is not guessed from half a name: %j lacks %s', (half, missing) => {
    expect(() => chosenQuarter(half, 0)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID', culprit: { option: missing } }),
    );
  });
});
