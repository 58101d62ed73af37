import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { readNabProfiles, readNabSeries } from '../../../../src/anomalies/evaluate/nab/corpus';
import { evaluateNab } from '../../../../src/anomalies/evaluate/nab/evaluateNab';

const folder = join(process.cwd(), '..', 'shared', 'data', 'metrics', 'nab');

/** Reads and scores 365,558 points. */
jest.setTimeout(300_000);

test('the novelty stream keeps its place on the Numenta benchmark, also with the level chosen on other files', async () => {
  if (!existsSync(folder)) throw new Error(`the benchmark's data is needed in ${folder}`);
  const series = readNabSeries(folder);
  const profiles = readNabProfiles(folder).filter(({ name }) => name === 'standard');
  const { scores, heldOutScore } = await evaluateNab(series, profiles, () => 0);
  expect(scores[0]!.normalizedScore).toBeGreaterThan(74);
  expect(heldOutScore).toBeGreaterThan(70);
});
