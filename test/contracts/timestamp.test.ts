import { describe, expect, test } from '@jest/globals';
import { shiftTimestamp, timestampMs, toTimestamp } from '../../src/contracts';

describe('timestamps', () => {
  test('keep microseconds and have one width, so that lexical order is the order in time', () => {
    expect(toTimestamp('2026-07-01 08:30:00.123456 UTC')).toBe('2026-07-01T08:30:00.123456Z');
    expect(toTimestamp('2026-07-01T10:30:00.5+02:00')).toBe('2026-07-01T08:30:00.500000Z');
    expect(toTimestamp('2026-07-01')).toBe('2026-07-01T00:00:00.000000Z');
    expect(toTimestamp('2026-07-01T08:30')).toBe('2026-07-01T08:30:00.000000Z');
    expect(toTimestamp(new Date('1969-12-31T23:59:59.999Z'))).toBe('1969-12-31T23:59:59.999000Z');
  });

  test('shifting keeps the microseconds', () => {
    expect(shiftTimestamp('2026-07-01T00:00:00.000321Z', -1)).toBe('2026-06-30T23:59:59.999321Z');
    expect(timestampMs('2026-07-01T00:00:00.000321Z')).toBe(Date.UTC(2026, 6, 1));
  });

  test.each(['', 'yesterday', '2026-13-01', '2026-07-01T25:00:00', '+012026-01-01'])(
    '%j is refused',
    (value) => {
      expect(() => toTimestamp(value)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    },
  );
});
