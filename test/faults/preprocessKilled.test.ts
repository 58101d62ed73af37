import { expect, test } from '@jest/globals';
import { BlobServiceClient } from '@azure/storage-blob';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { shiftTimestamp } from '../../src/contracts';
import { preprocessCenter } from '../../src/incidents/preprocess/preprocessCenter';
import { withPlatform, type TestPlatform } from '../support/platform';
import { incidentRow, ticketNumber } from '../support/warehouseRows';

const platformOf = withPlatform();
const signal = new AbortController().signal;
const things = ['printer', 'mailbox', 'tunnel', 'password', 'monitor', 'database', 'badge', 'router'];

const rows = Array.from({ length: 60 }, (_, index) =>
  incidentRow({
    number: ticketNumber(index),
    shortDescription: `The ${things[index % 8]} of the ${things[(index * 3 + 1) % 8]} team fails`,
    description: `Since the update the ${things[index % 8]} does not answer, number ${index % 5} of the row is dead.`,
    sysCreatedOn: shiftTimestamp('2026-07-01T08:00:00.000000Z', index * 30_000),
  }),
);

/** Starts the pipeline in a process of its own and kills it when `step` was printed for the `count`-th time. */
async function killAt(platform: TestPlatform, step: string, count: number): Promise<void> {
  const child = spawn(
    process.execPath,
    [join(process.cwd(), 'dist', 'test', 'support', 'preprocessChild.js')],
    {
      env: { ...process.env, ...platform.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = once(child, 'exit');
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === step && ++seen === count) {
      child.kill('SIGKILL');
      break;
    }
  }
  const [, killedBy] = (await ended) as [number | null, NodeJS.Signals | null];
  expect(killedBy).toBe('SIGKILL');
}

test('a process killed after any step leaves nothing lost and nothing twice', async () => {
  const platform = await platformOf({
    environment: { PREPROCESS_PAGE_SIZE: '10', QUARTERDECK_LOG_LEVEL: 'silent' },
  });
  await platform.warehouse.mergeIncidents(rows, signal);
  await killAt(platform, 'mergePreprocessed', 2);
  const killedBetween = await platform.warehouse.watermark(rows[0]!.techCenter, signal);
  expect(killedBetween?.lastProcessedNumber).toBe(ticketNumber(9));
  await endLease(platform);
  await killAt(platform, 'advanceWatermark', 2);
  await endLease(platform);

  const run = await preprocessCenter(platform, { techCenter: rows[0]!.techCenter }, signal);
  expect(run.status).toBe('ok');
  const stored = await platform.warehouse.preprocessedBetween({ limit: 1_000 }, signal);
  expect(stored.map(({ number }) => number)).toEqual(rows.map(({ number }) => number));
  expect(new Set(stored.map(({ embeddingModel }) => embeddingModel)).size).toBe(1);
  expect((await platform.warehouse.watermark(rows[0]!.techCenter, signal))?.lastProcessedNumber).toBe(
    ticketNumber(59),
  );
}, 240_000);

/** A dead holder keeps its lease until that runs out; ending it now spares the test the wait. */
async function endLease({ environment }: TestPlatform): Promise<void> {
  const service = BlobServiceClient.fromConnectionString(environment['AzureWebJobsStorage']!);
  const container = service.getContainerClient(environment['QUARTERDECK_ARTIFACTS_CONTAINER']!);
  for await (const { name } of container.listBlobsFlat({ prefix: 'locks/' })) {
    const lease = container.getBlobClient(name).getBlobLeaseClient();
    await lease.breakLease(0).catch((error: { code?: string }) => {
      if (error.code !== 'LeaseNotPresentWithLeaseOperation') throw error;
    });
  }
}
