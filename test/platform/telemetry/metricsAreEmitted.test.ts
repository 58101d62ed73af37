import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { metrics } from '../../../src/platform/telemetry/metrics';

const src = join(process.cwd(), 'src');

test('every metric of the catalog is emitted somewhere: an alert on one that is not would never fire', () => {
  const code = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith(join('platform', 'telemetry')))
    .map((name) => readFileSync(join(src, name), 'utf8'))
    .join('\n');
  expect(Object.keys(metrics).filter((name) => !code.includes(`metric('${name}'`))).toEqual([]);
});
