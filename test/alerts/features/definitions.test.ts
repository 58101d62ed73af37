import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import {
  alertFeatureDefinitions,
  featureColumns,
  graphFeatureDefinitions,
} from '../../../src/alerts/features';

const definitions = [...graphFeatureDefinitions, ...alertFeatureDefinitions];

test('the guide lists every feature with its columns, unit and meaning, in order, and no other', () => {
  const guide = readFileSync(join(process.cwd(), 'docs', 'alert-features.md'), 'utf8');
  const rows = [...guide.matchAll(/^\| `(\w+)` +\| (\d+) +\| (.+?) +\| (.+?) +\|$/gm)].map(
    ([, ...cells]) => cells,
  );
  expect(rows).toEqual(
    definitions.map(({ name, columns, unit, meaning }) => [name, String(columns.length), unit, meaning]),
  );
});

test('no two features or columns have the same name', () => {
  const names = definitions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(new Set(featureColumns).size).toBe(featureColumns.length);
});
