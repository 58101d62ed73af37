import { randomUUID } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { describe, expect, test } from '@jest/globals';
import { withAzurite } from '../support/azurite';
import { testStorage } from '../support/storage';

const azurite = withAzurite();
const signal = AbortSignal.timeout(60_000);

describe('queues', () => {
  test('messages arrive as JSON in base64, in a queue that nobody made', async () => {
    const { queues } = testStorage(azurite());
    const queue = `q-${randomUUID()}`;
    const messages = Array.from({ length: 20 }, (_, index) => ({ techCenter: `Größe ${index}` }));
    expect(await queues.count(queue, signal)).toBe(0);
    await queues.send(queue, messages, signal);
    expect(await queues.count(queue, signal)).toBe(20);
    const client = QueueServiceClient.fromConnectionString(azurite()).getQueueClient(queue);
    const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32 });
    const received = receivedMessageItems.map(
      (item) => JSON.parse(Buffer.from(item.messageText, 'base64').toString()) as { techCenter: string },
    );
    expect(new Set(received.map((message) => message.techCenter))).toEqual(
      new Set(messages.map((message) => message.techCenter)),
    );
  });

  test('a message of 48 KiB fits, one byte more is refused before anything is sent', async () => {
    const { queues } = testStorage(azurite());
    const queue = `q-${randomUUID()}`;
    const largest = 'x'.repeat(48 * 1_024 - 2);
    await queues.send(queue, [largest], signal);
    await expect(queues.send(queue, ['small', `${largest}x`], signal)).rejects.toMatchObject({
      code: 'INPUT_TOO_LARGE',
      culprit: { row: 1 },
    });
    expect(await queues.count(queue, signal)).toBe(1);
  });

  test('nothing to send makes no queue', async () => {
    const { queues } = testStorage(azurite());
    await queues.send('never-made', [], signal);
    expect(await queues.count('never-made', signal)).toBe(0);
  });
});
