import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BlobServiceClient } from '@azure/storage-blob';
import { QueueServiceClient } from '@azure/storage-queue';
import { startAzurite } from '../../src/host/azurite';
import { ensureAzurite } from '../../src/host/sharedAzurite';
import { withAzurite } from '../support/azurite';
import { gone, isAlive, said } from '../support/processes';

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

describe('the Azurite of a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-azurite-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const answers = async ({ connectionString }: { connectionString: string }) =>
    QueueServiceClient.fromConnectionString(connectionString, { retryOptions: { maxTries: 1 } })
      .getProperties()
      .then(
        () => true,
        () => false,
      );

  test('two who ask at once get the same one, and only its starter stops it', async () => {
    const both = await Promise.all([ensureAzurite(folder), ensureAzurite(folder)]);
    expect(new Set(both.map(({ processId }) => processId)).size).toBe(1);
    const record = join(folder, 'azurite.json');
    expect(statSync(record).mode & 0o077).toBe(0);
    const late = await ensureAzurite(folder);
    await late.stop();
    expect(await answers(late)).toBe(true);
    await Promise.all(both.map((azurite) => azurite.stop()));
    expect(await answers(late)).toBe(false);
    expect(existsSync(record)).toBe(false);
  });

  test('a record of one that died, and the lock of a process that is gone, stand in nobody’s way', async () => {
    const first = await ensureAzurite(folder);
    const record = readFileSync(join(folder, 'azurite.json'), 'utf8');
    await first.stop();
    writeFileSync(join(folder, 'azurite.json'), record);
    // No process has this id: Linux gives none above 2^22.
    writeFileSync(join(folder, 'azurite.lock'), '4194305');
    const second = await ensureAzurite(folder);
    expect(await answers(second)).toBe(true);
    await second.stop();
  });
});

describe('Azurite and its parent', () => {
  const parents: ChildProcess[] = [];
  afterAll(() => parents.forEach((parent) => parent.kill('SIGKILL')));

  test('Ctrl-C leaves it to its parent, and a killed parent leaves nothing behind', async () => {
    // A group of its own, to which a terminal would send the signal.
    const parent = spawn(process.execPath, ['dist/test/support/azuriteParent.js'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const ended = once(parent, 'exit');
    parents.push(parent);
    const [line] = await said(parent, /\{.*\}/);
    const azurite = JSON.parse(line) as { connectionString: string; processId: number };
    process.kill(-parent.pid!, 'SIGINT');
    await said(parent, /interrupted/);
    await QueueServiceClient.fromConnectionString(azurite.connectionString).getProperties();
    expect(isAlive(azurite.processId)).toBe(true);

    parent.kill('SIGKILL');
    await ended;
    await gone(azurite.processId);
  });
});
