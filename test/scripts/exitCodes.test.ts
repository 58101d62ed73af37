import { expect, test } from '@jest/globals';
import { exitCodeOf } from '../../scripts/exitCodes';

test.each([
  [[], 0],
  [['ok', 'skipped', 'elsewhere'], 0],
  [['failed'], 1],
  [['failed', 'failed'], 1],
  [['partial'], 3],
  [['partial', 'failed'], 3],
  [['failed', 'ok'], 3],
  [['failed', 'skipped'], 3],
] as const)('runs that ended as %j give the exit code %d', (statuses, code) => {
  expect(exitCodeOf(statuses.map((status) => ({ status })))).toBe(code);
});
