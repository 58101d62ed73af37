import { randomUUID } from 'node:crypto';
import { seededRandom } from '../../src/contracts';
import { azureBlobs } from '../../src/platform/blobs/azureBlobs';
import type { Blobs } from '../../src/platform/blobs/blobs';
import { azureQueues } from '../../src/platform/queues/azureQueues';
import type { Queues } from '../../src/platform/queues/queues';
import { readSettings } from '../../src/platform/settings/settings';
import { storageAccount } from '../../src/platform/storage/storageAccount';
import { recordingTelemetry, type RecordingTelemetry } from './recordingTelemetry';
import { testClock, type TestClock } from './testClock';

export interface TestStorage {
  readonly blobs: Blobs;
  readonly queues: Queues;
  readonly clock: TestClock;
  readonly telemetry: RecordingTelemetry;
  newId(): string;
}

/** Blobs and queues in a fresh container of the given account. */
export function testStorage(
  connectionString: string,
  container = `test-${randomUUID()}`,
  limits?: Parameters<typeof azureBlobs>[3],
): TestStorage {
  const account = storageAccount(readSettings({ AzureWebJobsStorage: connectionString }));
  const clock = testClock();
  const telemetry = recordingTelemetry();
  const context = { clock, telemetry, random: seededRandom(1), newId: () => randomUUID() };
  return {
    blobs: azureBlobs(account, container, context, limits),
    queues: azureQueues(account, context),
    clock,
    telemetry,
    newId: context.newId,
  };
}
