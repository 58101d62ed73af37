import { QuarterdeckError } from '../../contracts';
import type { TypedData } from '../app/functionsCore';
import type { OutputKind } from './outputBindings';

/**
 * Storage queue output: a text or an object becomes one message, an array one message per element, as the real
 * host's queue collector does. The queue is created when it does not exist.
 */
export const queueOutput: OutputKind = (binding, where, connections) => {
  const queue = connections.queueOf(binding, where);
  return async (data) => {
    for (const message of messagesOf(data, where)) await queue.send(message);
  };
};

function messagesOf(data: TypedData, where: string): (string | Uint8Array)[] {
  if (data.bytes) return [data.bytes];
  if (data.string !== undefined) return [data.string];
  if (data.int !== undefined) return [String(data.int)];
  if (data.double !== undefined) return [String(data.double)];
  if (data.json === undefined) {
    throw new QuarterdeckError('INPUT_INVALID', `${where} was given a value that a queue cannot carry`, {
      culprit: { binding: where },
    });
  }
  const value: unknown = JSON.parse(data.json);
  if (!Array.isArray(value)) return [data.json];
  return value.map((item: unknown) => (typeof item === 'string' ? item : JSON.stringify(item)));
}
