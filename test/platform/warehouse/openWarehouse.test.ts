import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

/** Runs code in a process of its own, since what a module loads can be seen only from the outside. */
function loadedBy(environment: Record<string, string>): string[] {
  const source = join(__dirname, '../../../src');
  const code = `
    const { openWarehouse } = require(${JSON.stringify(join(source, 'platform/warehouse/openWarehouse'))});
    const { readSettings } = require(${JSON.stringify(join(source, 'platform/settings/settings'))});
    const { systemClock: clock } = require(${JSON.stringify(join(source, 'platform/systemClock'))});
    const { seededRandom } = require(${JSON.stringify(join(source, 'contracts'))});
    openWarehouse(readSettings(${JSON.stringify(environment)}), { clock, random: seededRandom(1) });
    console.log(Object.keys(require.cache).join('\\n'));`;
  return execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).split('\n');
}

describe('opening a warehouse', () => {
  it.each([
    ['duckdb', {}],
    [
      'bigquery',
      {
        BIGQUERY_PROJECT: 'some-project',
        BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE: '//iam.googleapis.com/projects/1/x',
      },
    ],
  ])('%s loads no SDK before the first operation', (engine, settings) => {
    const loaded = loadedBy({ QUARTERDECK_WAREHOUSE: engine, ...settings });
    expect(loaded.some((file) => file.includes('openWarehouse'))).toBe(true);
    expect(loaded.filter((file) => /@duckdb|@google-cloud|google-auth-library|@azure/.test(file))).toEqual(
      [],
    );
  });
});
