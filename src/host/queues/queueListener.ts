import type { Clock, Random } from '../../contracts';
import { reasonOf } from '../foreignError';
import type { QueueOptions } from '../configuration/hostJson';
import type { Log } from '../invocation/invoker';
import type { HeldMessage, StorageQueue } from './storageQueue';

export interface QueueListenerParts {
  readonly queue: StorageQueue;
  readonly poison: StorageQueue;
  readonly options: QueueOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly handle: (message: HeldMessage, body: Buffer) => Promise<void>;
}

/** How long a message is hidden while its function runs, as in the real host; extended at half time. */
const hiddenMs = 10 * 60_000;
/** The first pause on an empty queue, as in the real host; it doubles up to maxPollingInterval. */
const minimumPauseMs = 100;
/** How long a stop waits for storage's answer: messages in an answer nobody reads stay hidden for `hiddenMs`. */
const lastAnswerMs = 2_000;
/** Several listeners that fell into step come apart again. */
const jitter = 0.2;

/**
 * Takes messages of one queue in batches and runs the function for each: the protocol of the storage extension
 * (azure-sdk-for-net, QueueListener.cs and QueueProcessor.cs). A message is deleted when its function succeeds,
 * shown again when it fails, and moved to the poison queue after maxDequeueCount tries.
 */
export class QueueListener {
  readonly #parts: QueueListenerParts;
  readonly #stopping = new AbortController();
  readonly #stopped = new Promise<void>((resolve) => {
    this.#stopping.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  readonly #running = new Set<Promise<void>>();
  readonly #newBatchThreshold: number;
  readonly #abandoned = new AbortController();
  #loop: Promise<void> | undefined;
  #wake: () => void = () => {};
  #unsubscribe: () => void = () => {};

  constructor(parts: QueueListenerParts) {
    this.#parts = parts;
    this.#newBatchThreshold = parts.options.newBatchThreshold ?? Math.floor(parts.options.batchSize / 2);
  }

  start(): void {
    this.#unsubscribe = this.#parts.queue.onSend(() => this.wake());
    this.#loop = this.#poll();
  }

  /** Resolves when it polls no more; messages that are being handled run on. */
  async stop(): Promise<void> {
    this.#unsubscribe();
    this.#stopping.abort();
    this.#wake();
    const ended = new AbortController();
    const limit = this.#parts.clock.sleep(lastAnswerMs, ended.signal).catch(() => {});
    await Promise.race([this.#loop, limit]);
    ended.abort();
    this.#abandoned.abort();
    await this.#loop;
  }

  /** After `stop`: resolves when every message that was taken is deleted, shown again or poisoned. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Ends the pause on an empty queue. */
  wake(): void {
    this.#wake();
  }

  async #poll(): Promise<void> {
    const { queue, options, log } = this.#parts;
    const { signal } = this.#stopping;
    let pauseMs = minimumPauseMs;
    while (!signal.aborted) {
      if (this.#running.size > this.#newBatchThreshold) {
        await Promise.race([...this.#running, this.#stopped]);
        continue;
      }
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      let messages: HeldMessage[] = [];
      try {
        messages = await queue.receive(options.batchSize, hiddenMs, this.#abandoned.signal);
      } catch (error) {
        if (!signal.aborted) log('warning', reasonOf(error));
      }
      if (signal.aborted) {
        // Taken while the host began to stop: shown again at once, for the next one.
        await Promise.allSettled(messages.map((message) => queue.hide(message, 0)));
        return;
      }
      for (const message of messages) this.#begin(message);
      if (messages.length > 0) {
        pauseMs = minimumPauseMs;
        continue;
      }
      await this.#pause(pauseMs, woken);
      pauseMs = Math.min(pauseMs * 2, options.maxPollingInterval);
    }
  }

  async #pause(ms: number, woken: Promise<void>): Promise<void> {
    const { clock, random } = this.#parts;
    const rested = new AbortController();
    const jittered = ms * (1 - jitter + 2 * jitter * random.next());
    // Either the time has passed or somebody calls; only then is the sleep ended from here.
    await Promise.race([clock.sleep(jittered, rested.signal).catch(() => {}), woken]);
    rested.abort();
  }

  #begin(message: HeldMessage): void {
    const { log, queue } = this.#parts;
    const work = this.#process(message)
      .catch((error: unknown) => {
        const why = reasonOf(error);
        log(
          'error',
          `message ${message.id} of queue "${queue.name}": ${why}; it comes back when it is visible again`,
        );
      })
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
  }

  async #process(message: HeldMessage): Promise<void> {
    const { queue, options, handle } = this.#parts;
    if (message.body === undefined) {
      await this.#poison(message, `is not in the encoding "${options.messageEncoding}" that host.json names`);
      return;
    }
    if (message.dequeueCount > options.maxDequeueCount) {
      await this.#poison(message, `was taken ${message.dequeueCount} times`);
      return;
    }
    const done = new AbortController();
    const renewal = this.#keepHidden(message, done.signal);
    let succeeded = false;
    try {
      await handle(message, message.body);
      succeeded = true;
    } catch {
      // Whoever ran the function has logged why; here it counts only that it failed.
    } finally {
      done.abort();
      await renewal;
    }
    if (succeeded) await queue.remove(message);
    else if (message.dequeueCount >= options.maxDequeueCount) {
      await this.#poison(message, `failed ${message.dequeueCount} times`);
    } else await queue.hide(message, options.visibilityTimeout);
  }

  async #keepHidden(message: HeldMessage, done: AbortSignal): Promise<void> {
    const { clock, queue, log } = this.#parts;
    for (;;) {
      try {
        await clock.sleep(hiddenMs / 2, done);
      } catch {
        return;
      }
      try {
        if (!(await queue.hide(message, hiddenMs))) return;
      } catch (error) {
        log('warning', reasonOf(error));
      }
    }
  }

  /** First the copy, then the delete: a crash in between leaves two, never none. */
  async #poison(message: HeldMessage, why: string): Promise<void> {
    const { queue, poison, log } = this.#parts;
    log('warning', `message ${message.id} of queue "${queue.name}" ${why}; it goes to "${poison.name}"`);
    await poison.sendWireText(message.wireText);
    await queue.remove(message);
  }
}
