import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite } from '../../src/host/azurite';
import { withAzurite } from '../support/azurite';

describe('Azurite', () => {
  const connectionString = withAzurite();

  test('serves blobs and queues to the real clients', async () => {
    const blobs = BlobServiceClient.fromConnectionString(connectionString()).getContainerClient('first');
    await blobs.create();
    await blobs.getBlockBlobClient('a/b.json').upload('{}', 2);
    expect((await blobs.getBlobClient('a/b.json').downloadToBuffer()).toString()).toBe('{}');

    const queue = QueueServiceClient.fromConnectionString(connectionString()).getQueueClient('first');
    await queue.create();
    await queue.sendMessage('hello');
    expect((await queue.receiveMessages()).receivedMessageItems[0]?.messageText).toBe('hello');
  });

  test('refuses the published key', async () => {
    const published =
      'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
    const wrong = connectionString().replace(/AccountKey=[^;]+/, `AccountKey=${published}`);
    await expect(BlobServiceClient.fromConnectionString(wrong).getProperties()).rejects.toMatchObject({
      statusCode: 403,
    });
  });
});

describe('Azurite on disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'azurite-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('keeps its blobs from one start to the next', async () => {
    const first = await startAzurite({ folder });
    const container = BlobServiceClient.fromConnectionString(first.connectionString).getContainerClient(
      'kept',
    );
    await container.create();
    await container.getBlockBlobClient('one').upload('1', 1);
    await first.stop();

    const second = await startAzurite({ folder });
    const again = BlobServiceClient.fromConnectionString(second.connectionString).getContainerClient('kept');
    expect((await again.getBlobClient('one').downloadToBuffer()).toString()).toBe('1');
    await second.stop();
  });

  test('a port in use is said, with the words of Azurite', async () => {
    const first = await startAzurite({ inMemory: true });
    const port = Number(/BlobEndpoint=http:\/\/127\.0\.0\.1:(\d+)/.exec(first.connectionString)?.[1]);
    await expect(startAzurite({ inMemory: true, blobPort: port })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('EADDRINUSE'),
    });
    await first.stop();
  });
});
