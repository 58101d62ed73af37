import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BlobServiceClient } from '@azure/storage-blob';
import { expect, test } from '@jest/globals';
import { predictCenter } from '../../src/incidents/predict/predictCenter';
import { trainQuarter } from '../../src/incidents/train/trainQuarter';
import { listVersions, readPointer, techCenterScope } from '../../src/registry';
import { withPlatform, type TestPlatform } from '../support/platform';
import { storePreprocessed, syntheticTickets } from '../support/syntheticTickets';
import { embeddingService, q3Tickets, techCenter } from '../support/trainedCenter';

const platforms = withPlatform();
const signal = AbortSignal.timeout(240_000);
const scope = techCenterScope(techCenter);

/** Runs the command in a process of its own and kills it when it has made the change. */
async function killAt(platform: TestPlatform, command: 'train' | 'predict', change: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'dist', 'test', 'support', 'pipelineChild.js'), command, change],
    { env: { ...process.env, ...platform.environment }, stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  await once(createInterface({ input: child.stdout }), 'line');
  child.kill('SIGKILL');
  const [, killedBy] = (await ended) as [number | null, NodeJS.Signals | null];
  expect(killedBy).toBe('SIGKILL');
}

/** A dead holder keeps its lease until that runs out; ending it now spares the test the wait. */
async function endLeases({ environment }: TestPlatform): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(environment['AzureWebJobsStorage']!);
  const container = service.getContainerClient(environment['QUARTERDECK_ARTIFACTS_CONTAINER']!);
  for await (const { name } of container.listBlobsFlat({ prefix: 'locks/' })) {
    const lease = container.getBlobClient(name).getBlobLeaseClient();
    await lease.breakLease(0).catch((error: { code?: string }) => {
      if (error.code !== 'LeaseNotPresentWithLeaseOperation') throw error;
    });
  }
}

test('trainer and predictor killed on their way are finished by the next ones', async () => {
  const platform = await platforms({
    overrides: { embeddingService },
    environment: { PREDICT_PAGE_SIZE: '40', QUARTERDECK_LOG_LEVEL: 'silent' },
  });
  await storePreprocessed(platform, syntheticTickets(q3Tickets), embeddingService);

  await killAt(platform, 'train', 'training_metadata.json$');
  expect(await readPointer(platform, scope, signal)).toBeUndefined();
  const order = { year: 2026, quarter: 'q3', maxWorkers: 1, promote: true } as const;
  const held = await trainQuarter(platform, { ...order, waitForOthers: false }, { signal });
  expect(held.centers).toMatchObject([{ status: 'elsewhere' }]);
  await endLeases(platform);
  const { centers } = await trainQuarter(platform, order, { signal });
  expect(centers).toMatchObject([{ resumed: true, version: '2026/q3/r1', promotion: 'current' }]);
  expect(await listVersions(platform, scope, signal)).toHaveLength(1);

  await killAt(platform, 'predict', '^mergePredictions$');
  await endLeases(platform);
  const run = await predictCenter(platform, { techCenter }, signal);
  expect(run).toMatchObject({ status: 'ok', counts: { recovered: 40, rows: 110 } });
  const rows = await platform.warehouse.predictionsBetween(
    { techCenter, modelVersion: '2026/q3/r1', limit: 1_000 },
    signal,
  );
  expect(rows).toHaveLength(150);
}, 240_000);
