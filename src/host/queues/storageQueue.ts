import { RestError, type QueueClient } from '@azure/storage-queue';
import { QuarterdeckError } from '../../contracts';
import { reasonOf } from '../foreignError';

/** A message that this host holds invisible for others. */
export interface HeldMessage {
  readonly id: string;
  /** Changes with every extension; the latest one is the right to delete. */
  popReceipt: string;
  readonly dequeueCount: number;
  readonly insertedOn: Date;
  readonly expiresOn: Date;
  readonly nextVisibleOn: Date;
  /** Undefined when the text on the wire is not in the encoding that host.json names. */
  readonly body: Buffer | undefined;
  readonly wireText: string;
}

export type MessageEncoding = 'base64' | 'none';

/** A storage call that takes longer than this has lost its connection. */
const callLimitMs = 30_000;
/** Somebody else holds the message now, or it is gone: nothing is left to do for this host. */
const lostCodes = new Set(['MessageNotFound', 'PopReceiptMismatch', 'QueueNotFound', 'QueueBeingDeleted']);

/** One storage queue with the encoding of host.json, created when the first message is sent. */
export class StorageQueue {
  readonly name: string;
  readonly #client: QueueClient;
  readonly #encoding: MessageEncoding;
  readonly #onSend = new Set<() => void>();

  constructor(name: string, client: QueueClient, encoding: MessageEncoding) {
    this.name = name;
    this.#client = client;
    this.#encoding = encoding;
  }

  /** Calls `listener` after every message that this process sends. Returns what ends that. */
  onSend(listener: () => void): () => void {
    this.#onSend.add(listener);
    return () => this.#onSend.delete(listener);
  }

  /** @throws STORAGE_UNAVAILABLE */
  async send(content: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(content as Uint8Array);
    await this.sendWireText(bytes.toString(this.#encoding === 'base64' ? 'base64' : 'utf8'));
  }

  async sendWireText(text: string): Promise<void> {
    await this.#call('send to', async (abortSignal) => {
      try {
        await this.#client.sendMessage(text, { abortSignal });
      } catch (error) {
        if (!isCode(error, 'QueueNotFound')) throw error;
        await this.#client.createIfNotExists({ abortSignal });
        await this.#client.sendMessage(text, { abortSignal });
      }
    });
    for (const listener of this.#onSend) listener();
  }

  /** Takes up to `count` messages and hides them for `visibleAfterMs`; none when the queue does not exist. */
  async receive(count: number, visibleAfterMs: number, signal: AbortSignal): Promise<HeldMessage[]> {
    return this.#call('receive from', async (limit) => {
      try {
        const { receivedMessageItems } = await this.#client.receiveMessages({
          numberOfMessages: count,
          visibilityTimeout: visibleAfterMs / 1000,
          abortSignal: AbortSignal.any([limit, signal]),
        });
        return receivedMessageItems.map((item) => ({
          id: item.messageId,
          popReceipt: item.popReceipt,
          dequeueCount: item.dequeueCount,
          insertedOn: item.insertedOn,
          expiresOn: item.expiresOn,
          nextVisibleOn: item.nextVisibleOn,
          body: this.#decode(item.messageText),
          wireText: item.messageText,
        }));
      } catch (error) {
        if (isCode(error, 'QueueNotFound')) return [];
        throw error;
      }
    });
  }

  /** Hides the message for another while, or shows it again with 0. False when it is no longer ours. */
  async hide(message: HeldMessage, forMs: number): Promise<boolean> {
    return this.#ifOurs('extend a message of', async (abortSignal) => {
      const { id, popReceipt } = message;
      const answer = await this.#client.updateMessage(id, popReceipt, undefined, forMs / 1000, {
        abortSignal,
      });
      if (answer.popReceipt) message.popReceipt = answer.popReceipt;
    });
  }

  /** False when the message is no longer ours. */
  async remove(message: HeldMessage): Promise<boolean> {
    return this.#ifOurs('delete a message of', async (abortSignal) => {
      await this.#client.deleteMessage(message.id, message.popReceipt, { abortSignal });
    });
  }

  /** Messages in the queue, hidden ones too; 0 when it does not exist. */
  async count(signal: AbortSignal): Promise<number> {
    return this.#call('count', async (limit) => {
      try {
        const properties = await this.#client.getProperties({
          abortSignal: AbortSignal.any([limit, signal]),
        });
        return properties.approximateMessagesCount ?? 0;
      } catch (error) {
        if (isCode(error, 'QueueNotFound')) return 0;
        throw error;
      }
    });
  }

  #decode(text: string): Buffer | undefined {
    if (this.#encoding === 'none') return Buffer.from(text, 'utf8');
    return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
      ? Buffer.from(text, 'base64')
      : undefined;
  }

  async #ifOurs(what: string, call: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    return this.#call(what, async (signal) => {
      try {
        await call(signal);
        return true;
      } catch (error) {
        if (error instanceof RestError && lostCodes.has(error.code ?? '')) return false;
        throw error;
      }
    });
  }

  async #call<T>(what: string, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await call(AbortSignal.timeout(callLimitMs));
    } catch (error) {
      const why = reasonOf(error);
      throw new QuarterdeckError('STORAGE_UNAVAILABLE', `cannot ${what} queue "${this.name}": ${why}`, {
        culprit: { service: 'queue', queue: this.name },
        cause: error,
      });
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof RestError && error.code === code;
}
