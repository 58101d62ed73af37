import { beforeEach, describe, expect, test } from '@jest/globals';
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { withAzurite } from '../support/azurite';
import { Heard, outerProcess, withHosts } from './fixtureHost';
import { ManualClock } from './manualClock';

interface Said {
  message?: { n?: number; fail?: string; wait?: string };
  metadata?: Record<string, unknown>;
  done?: { n?: number; wait?: string };
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (wire: string | undefined) => Buffer.from(wire ?? '', 'base64').toString();

describe('queues', () => {
  const connectionString = withAzurite();
  const start = withHosts();
  const heard = new Heard<Said>();
  let work: QueueClient;
  let poison: QueueClient;
  let results: QueueClient;
  beforeEach(async () => {
    const service = QueueServiceClient.fromConnectionString(connectionString());
    [work, poison, results] = [
      service.getQueueClient('work'),
      service.getQueueClient('work-poison'),
      service.getQueueClient('results'),
    ];
    await Promise.all([work, poison, results].map((queue) => queue.deleteIfExists()));
    await work.create();
  });

  const startQueues = (options: Parameters<typeof start>[1] = {}) =>
    start('queues', {
      ...options,
      environment: { AzureWebJobsStorage: connectionString(), RESULTS_QUEUE: 'results' },
    });
  const send = (message: unknown) => work.sendMessage(base64(JSON.stringify(message)));
  const texts = async (queue: QueueClient) =>
    (await queue.receiveMessages({ numberOfMessages: 32 })).receivedMessageItems.map((item) =>
      text(item.messageText),
    );

  test('a message runs its function with its metadata and is gone afterwards', async () => {
    const { messageId } = await send({ n: 1 });
    const host = await startQueues();
    const { message, metadata } = await heard.next();
    expect(message).toEqual({ n: 1 });
    expect(metadata).toMatchObject({
      id: messageId,
      dequeueCount: 1,
      popReceipt: expect.any(String),
      insertionTime: expect.stringMatching(/^\d{4}-.*Z$/),
      expirationTime: expect.stringMatching(/^\d{4}-.*Z$/),
      nextVisibleTime: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    await host.idle();
    expect((await work.getProperties()).approximateMessagesCount).toBe(0);
  });

  test('a failing message is tried as often as host.json says, then lies in the poison queue', async () => {
    await send({ fail: 'always' });
    const log: string[] = [];
    const host = await startQueues({ log: (line) => log.push(line) });
    await heard.next();
    await host.idle();
    expect(heard.all.map(({ metadata }) => metadata?.['dequeueCount'])).toEqual([1, 2]);
    expect(await texts(poison)).toEqual(['{"fail":"always"}']);
    expect(log.join('\n')).toContain('goes to "work-poison"');
  });

  test('a message in another encoding goes to the poison queue as it is', async () => {
    await work.sendMessage('no base64!');
    const host = await startQueues();
    await host.idle();
    const [item] = (await poison.receiveMessages()).receivedMessageItems;
    expect(item?.messageText).toBe('no base64!');
    expect(heard.all).toEqual([]);
  });

  test('as many run at once as batchSize and newBatchThreshold allow, and no more', async () => {
    for (let n = 0; n < 12; n += 1) await send({ n, wait: 'batch' });
    const host = await startQueues();
    const started = () => heard.all.filter(({ message }) => message !== undefined).length;
    for (let n = 0; n < 4; n += 1) await heard.next(({ message }) => message !== undefined);
    // The next look at the queue comes when no more than newBatchThreshold run: not yet.
    expect(started()).toBe(4);
    outerProcess.emit('release batch');
    const release = setInterval(() => outerProcess.emit('release batch'), 5);
    await host.idle();
    clearInterval(release);
    expect(new Set(heard.all.flatMap(({ done }) => (done ? [done.n] : []))).size).toBe(12);
    expect(started()).toBe(12);
  });

  test('outputs: one message for a text or object, one per element of an array, none without a value', async () => {
    await send({ send: 'plain' });
    await send({ send: { a: 1 } });
    await send({ send: [{ b: 2 }, 'c', 3] });
    await send({ n: 1 });
    const host = await startQueues();
    await heard.next();
    await host.idle();
    expect((await texts(results)).toSorted()).toEqual(['3', 'c', 'plain', '{"a":1}', '{"b":2}']);
  });

  test('an HTTP function sends to a queue before it answers', async () => {
    const host = await startQueues();
    const answer = await fetch(`${host.url}/api/enqueue`, { method: 'POST', body: '["x","y"]' });
    expect(answer.status).toBe(202);
    expect(await texts(results)).toEqual(['x', 'y']);
  });

  test('a timer fans out through its return value, and the messages are worked on', async () => {
    const host = await startQueues({ schedulesEnabled: false });
    await host.invoke('fans');
    await host.idle();
    expect(heard.all.flatMap(({ done }) => (done ? [done] : []))).toEqual(
      expect.arrayContaining([{ centre: 'A' }, { centre: 'B' }]),
    );
  });

  test('a message stays hidden while its function runs long', async () => {
    await send({ wait: 'long' });
    const clock = new ManualClock('2026-07-01T10:00:00Z');
    const host = await startQueues({ clock });
    const { metadata } = await heard.next();
    for (let renewal = 0; renewal < 3; renewal += 1) {
      await clock.sleeping((ms) => ms === 300_000);
      clock.advance(299_999);
      clock.advance(1);
    }
    await clock.sleeping((ms) => ms === 300_000);
    const { id, popReceipt } = metadata as { id: string; popReceipt: string };
    await expect(work.deleteMessage(id, popReceipt)).rejects.toMatchObject({ code: 'PopReceiptMismatch' });
    outerProcess.emit('release long');
    await heard.next(({ done }) => done !== undefined);
    await host.stop();
    expect((await work.getProperties()).approximateMessagesCount).toBe(0);
  });

  test('a stop lets a running message end and leaves the rest to the next start', async () => {
    await send({ wait: 'stop' });
    const host = await startQueues();
    await heard.next();
    const stopping = host.stop();
    await send({ n: 2 });
    outerProcess.emit('release stop');
    await stopping;
    expect((await work.getProperties()).approximateMessagesCount).toBe(1);
    const next = await startQueues();
    expect((await heard.next(({ message }) => message?.n === 2)).metadata?.['dequeueCount']).toBe(1);
    await next.idle();
  });

  test('a queue that does not exist yet is waited for', async () => {
    await work.delete();
    const host = await startQueues();
    await host.idle();
    await work.create();
    await send({ n: 3 });
    await host.idle();
    expect(heard.all.flatMap(({ done }) => (done ? [done.n] : []))).toEqual([3]);
  });

  test('a message can be given by hand', async () => {
    const host = await startQueues();
    await host.invoke('work', { n: 9 });
    expect(heard.all[0]?.message).toEqual({ n: 9 });
    await expect(host.invoke('work')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('a missing connection is named', async () => {
    await expect(
      start('queues', { environment: { AzureWebJobsStorage: '', RESULTS_QUEUE: 'results' } }),
    ).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      culprit: { setting: 'AzureWebJobsStorage' },
    });
  });
});
