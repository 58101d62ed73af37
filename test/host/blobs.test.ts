import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { parseBlobPath } from '../../src/host/blobs/blobPath';
import { withAzurite } from '../support/azurite';
import { Heard, withHosts } from './fixtureHost';

interface Said {
  text: string;
  metadata: Record<string, unknown>;
}

describe('blobs', () => {
  const connectionString = withAzurite();
  const start = withHosts();
  const heard = new Heard<Said>();
  let container: ContainerClient;
  let poison: QueueClient;
  beforeEach(async () => {
    container = BlobServiceClient.fromConnectionString(connectionString()).getContainerClient(randomUUID());
    poison = QueueServiceClient.fromConnectionString(connectionString()).getQueueClient(
      'webjobs-blobtrigger-poison',
    );
    await Promise.all([container.create(), poison.deleteIfExists()]);
  });

  const startBlobs = () =>
    start('blobs', {
      environment: { AzureWebJobsStorage: connectionString(), CONTAINER: container.containerName },
    });
  const put = (name: string, text: string) =>
    container.getBlockBlobClient(name).uploadData(Buffer.from(text), { metadata: { from: 'test' } });

  test('a new blob whose name fits runs its function once, with its metadata', async () => {
    await put('in/web/one.txt', 'first');
    await put('in/web/one.csv', 'another ending');
    await put('out/web/one.txt', 'elsewhere');
    const host = await startBlobs();
    await host.idle();
    const name = container.containerName;
    expect(heard.all).toEqual([
      {
        text: 'first',
        metadata: expect.objectContaining({
          folder: 'web',
          name: 'one',
          blobTrigger: `${name}/in/web/one.txt`,
          uri: expect.stringContaining(`${name}/in`),
          properties: expect.objectContaining({ contentLength: 5 }),
          metadata: { from: 'test' },
        }),
      },
    ]);
  });

  test('a blob that was taken is not taken again, by the next host neither, until it changes', async () => {
    await put('in/web/one.txt', 'first');
    const host = await startBlobs();
    await host.idle();
    await host.idle();
    await host.stop();
    const next = await startBlobs();
    await next.idle();
    expect(heard.all.map(({ text }) => text)).toEqual(['first']);
    await put('in/web/one.txt', 'second');
    await next.idle();
    expect(heard.all.map(({ text }) => text)).toEqual(['first', 'second']);
  });

  test('a blob that fails is tried as often as host.json says, then its message lies in the poison queue', async () => {
    await put('in/web/one.txt', 'bad');
    const host = await startBlobs();
    await host.idle();
    expect(heard.all.map(({ text }) => text)).toEqual(['bad', 'bad']);
    const [item, ...more] = (await poison.receiveMessages({ numberOfMessages: 5 })).receivedMessageItems;
    expect(more).toEqual([]);
    expect(JSON.parse(Buffer.from(item!.messageText, 'base64').toString())).toMatchObject({
      FunctionId: 'Host.Functions.picked',
      ContainerName: container.containerName,
      BlobName: 'in/web/one.txt',
    });
  });

  test('a container that is not there yet is looked at once it is', async () => {
    const later = BlobServiceClient.fromConnectionString(connectionString()).getContainerClient(randomUUID());
    const host = await start('blobs', {
      environment: { AzureWebJobsStorage: connectionString(), CONTAINER: later.containerName },
    });
    await host.idle();
    await later.create();
    await later.getBlockBlobClient('in/a/b/c.txt').uploadData(Buffer.from('deep'));
    await host.idle();
    expect(heard.all[0]?.metadata).toMatchObject({ folder: 'a/b', name: 'c' });
  });

  test('by hand it is given the path of a blob', async () => {
    await put('in/web/one.txt', 'first');
    const host = await startBlobs();
    await host.idle();
    await host.invoke('picked', `${container.containerName}/in/web/one.txt`);
    expect(heard.all).toHaveLength(2);
    await expect(host.invoke('picked', `${container.containerName}/in/web/two.txt`)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
    await expect(host.invoke('picked', 'other/in/web/one.txt')).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });
  });
});

describe('the path of a blob binding', () => {
  test.each([
    ['logs/{name}', 'a/b.txt', { name: 'a/b.txt' }],
    ['logs', 'a/b.txt', { name: 'a/b.txt' }],
    ['logs/dropped/{name}.{ending}', 'dropped/a.b.gz', { name: 'a.b', ending: 'gz' }],
    ['logs/dropped/{name}', 'other/a', undefined],
    ['logs/a+b(1).txt', 'a+b(1).txt', {}],
    ['logs/a+b(1).txt', 'aab1.txt', undefined],
  ])('%s and %s', (path, name, expected) => {
    expect(parseBlobPath(path)?.match(name)).toEqual(expected);
  });

  test.each(['UPPER/{name}', 'a/{name}', 'logs/{name', 'logs/{n}{n}', 'logs/{}'])('%s is refused', (path) => {
    expect(parseBlobPath(path)).toBeUndefined();
  });
});
