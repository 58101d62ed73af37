import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errorKinds, isQuarterdeckError, QuarterdeckError } from '../../src/contracts';

/** Rows of the table in docs/errors.md: `| CODE | status | try again | meaning |`. */
const documented = readFileSync(join(process.cwd(), 'docs', 'errors.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^`[A-Z_]+`$/.test(cells[1] ?? ''))
  .map((cells) => cells.slice(1, 5).join(' | '));

describe('error codes', () => {
  test('docs/errors.md lists every code with its status and meaning, in the catalog’s order, and no other', () => {
    const catalog = Object.entries(errorKinds).map(([code, { status, retryable, meaning }]) =>
      [`\`${code}\``, status, retryable ? 'yes' : 'no', meaning].join(' | '),
    );
    expect(documented).toEqual(catalog);
  });

  test('an error carries status, culprit and cause', () => {
    const cause = new Error('socket hang up');
    const error = new QuarterdeckError('BLOB_CHANGED', 'changed', { culprit: { blob: 'a/b' }, cause });
    expect(error).toMatchObject({ status: 412, retryable: true, culprit: { blob: 'a/b' }, cause });
    expect(isQuarterdeckError(error, 'BLOB_CHANGED')).toBe(true);
    expect(isQuarterdeckError(error, 'BLOB_EXISTS')).toBe(false);
    expect(isQuarterdeckError(cause)).toBe(false);
  });
});
