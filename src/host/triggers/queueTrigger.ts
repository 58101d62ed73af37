import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import type { TypedData } from '../app/functionsCore';
import { QueueListener } from '../queues/queueListener';
import type { HeldMessage } from '../queues/storageQueue';
import type { TriggerKind } from './triggerKind';

const bindingSchema = z.looseObject({ dataType: z.string().optional() });

/** Storage queue trigger: one invocation per message. */
export const queueTrigger: TriggerKind = (target, host) => {
  const where = `function "${target.name}"`;
  const queue = host.queues.queueOf(target.trigger, where);
  const poison = host.queues.poisonQueueOf(queue, target.trigger, where);
  const binary = bindingSchema.parse(target.trigger).dataType?.toLowerCase() === 'binary';
  if (target.metadata.retryOptions) {
    host.log(
      'warning',
      `${target.name}: a queue retries by itself (maxDequeueCount); its retry policy is not used`,
    );
  }
  const listener = new QueueListener({
    queue,
    poison,
    options: host.hostJson.extensions.queues,
    clock: host.clock,
    random: host.random.fork(target.name),
    log: host.log,
    handle: async (message, body) => {
      await host.invoker.invoke(target, {
        data: binary ? { bytes: body } : { string: body.toString('utf8') },
        metadata: metadataOf(message, body),
      });
    },
  });
  return {
    start: async () => listener.start(),
    stop: () => listener.stop(),
    settled: () => listener.settled(),
    waiting: (signal) => {
      listener.wake();
      return queue.count(signal);
    },
    invoke: (input) => host.invoker.invoke(target, byHand(target, input)),
  };
};

/** Names and types as the real host sends them; `@azure/functions` puts the keys into camel case. */
function metadataOf(message: HeldMessage, body: Buffer): Record<string, TypedData> {
  const time = (date: Date): TypedData => ({ json: JSON.stringify(date.toISOString()) });
  return {
    QueueTrigger: { json: JSON.stringify(body.toString('utf8')) },
    Id: { json: JSON.stringify(message.id) },
    PopReceipt: { json: JSON.stringify(message.popReceipt) },
    DequeueCount: { int: message.dequeueCount },
    InsertionTime: time(message.insertedOn),
    ExpirationTime: time(message.expiresOn),
    NextVisibleTime: time(message.nextVisibleOn),
  };
}

function byHand(target: RegisteredFunction, input: unknown): { data: TypedData } {
  if (input === undefined || input === null) {
    throw new QuarterdeckError('INPUT_INVALID', `function "${target.name}" needs a message as its input`, {
      culprit: { field: 'input' },
    });
  }
  return { data: { string: typeof input === 'string' ? input : JSON.stringify(input) } };
}
