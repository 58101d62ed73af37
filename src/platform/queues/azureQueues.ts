import { QuarterdeckError } from '../../contracts';
import { callStorage, type StorageContext } from '../storage/storageCalls';
import type { StorageAccount } from '../storage/storageAccount';
import { storageErrorCode } from '../storage/storageErrors';
import type { Queues } from './queues';

/** A message may take 64 KiB on the queue, in base64: three quarters of that as JSON. */
const largestMessageBytes = 48 * 1_024;
const sendsAtOnce = 8;

/**
 * Queues over Azure Storage or Azurite. Messages are JSON in base64, which is what the Functions host expects. A
 * send whose answer was lost is repeated, so a message may arrive twice: whoever takes it has to bear that.
 */
export function azureQueues(account: StorageAccount, context: StorageContext): Queues {
  const client = (queue: string) => account.queueService().getQueueClient(queue);

  const sendOne = (queue: string, text: string, signal: AbortSignal): Promise<unknown> =>
    callStorage(context, { queue }, signal, async (limited) => {
      try {
        return await client(queue).sendMessage(text, { abortSignal: limited });
      } catch (error) {
        if (storageErrorCode(error) !== 'QueueNotFound') throw error;
        await client(queue).createIfNotExists({ abortSignal: limited });
        return client(queue).sendMessage(text, { abortSignal: limited });
      }
    });

  return {
    async send(queue, messages, signal) {
      const texts = messages.map((message, index) => encode(queue, message, index));
      let next = 0;
      const sender = async (): Promise<void> => {
        while (next < texts.length) await sendOne(queue, texts[next++]!, signal);
      };
      // The first one alone, so that a missing queue is created once.
      if (texts.length > 0) await sendOne(queue, texts[next++]!, signal);
      await Promise.all(Array.from({ length: Math.min(sendsAtOnce, texts.length) }, sender));
    },

    async count(queue, signal) {
      return callStorage(context, { queue }, signal, async (limited) => {
        try {
          const { approximateMessagesCount } = await client(queue).getProperties({ abortSignal: limited });
          return approximateMessagesCount ?? 0;
        } catch (error) {
          if (storageErrorCode(error) === 'QueueNotFound') return 0;
          throw error;
        }
      });
    },
  };
}

function encode(queue: string, message: unknown, index: number): string {
  const bytes = Buffer.from(JSON.stringify(message));
  if (bytes.length > largestMessageBytes) {
    throw new QuarterdeckError(
      'INPUT_TOO_LARGE',
      `message ${index} for ${queue} has ${bytes.length} bytes, at most ${largestMessageBytes} fit`,
      { culprit: { queue, row: index } },
    );
  }
  return bytes.toString('base64');
}
