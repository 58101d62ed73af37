import { expect, test } from '@jest/globals';
import { listClusters, pipelineStatus } from '../../../src/incidents';
import { preprocessAll } from '../../../src/incidents/preprocess/preprocessAll';
import { withPlatform } from '../../support/platform';
import { incidentRow } from '../../support/warehouseRows';

const platforms = withPlatform();
const signal = AbortSignal.timeout(60_000);
/** Within the characters of a tech centre, and too long for the name of a blob once it is encoded. */
const unusable = '支'.repeat(150);

test('a centre whose name no blob can have fails alone, and the status tells of it and of the others', async () => {
  const platform = await platforms();
  await platform.warehouse.mergeIncidents(
    [
      incidentRow({ number: 'INC1', techCenter: 'Network' }),
      incidentRow({ number: 'INC2', techCenter: unusable }),
    ],
    signal,
  );
  const runs = await preprocessAll(platform, {}, signal);
  expect(runs).toMatchObject([
    { scope: 'Network', status: 'ok' },
    { scope: unusable, status: 'failed', errorCode: 'INPUT_INVALID' },
  ]);
  const { centers } = await pipelineStatus(platform, signal);
  expect(centers).toMatchObject([
    { techCenter: 'Network', state: 'untrained' },
    { techCenter: unusable, state: 'failing', modelVersion: null, fallback: null },
  ]);
  await expect(listClusters(platform, { techCenter: unusable }, signal)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  });
});
