import { QueueServiceClient } from '@azure/storage-queue';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';
import type { Binding } from '../app/functionsCore';
import { connectionString, defaultConnection } from '../configuration/connection';
import type { Environment } from '../configuration/environment';
import { resolveSettings } from '../configuration/resolveSetting';
import { StorageQueue, type MessageEncoding } from './storageQueue';

const bindingSchema = z.looseObject({
  queueName: z.string().min(1),
  connection: z.string().min(1).default(defaultConnection),
});
/** Azure's rule for queue names. */
const validName = /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** Every queue that bindings name, one object per queue, so that a sender can wake the one who listens. */
export class QueueConnections {
  readonly #environment: Environment;
  readonly #encoding: MessageEncoding;
  readonly #services = new Map<string, QueueServiceClient>();
  readonly #queues = new Map<string, StorageQueue>();

  constructor(environment: Environment, encoding: MessageEncoding) {
    this.#environment = environment;
    this.#encoding = encoding;
  }

  /**
   * The queue of a binding.
   *
   * @throws FUNCTIONS_APP_INVALID when the binding names no valid queue.
   * @throws SETTINGS_INVALID when a setting it needs is missing.
   */
  queueOf(binding: Binding, where: string): StorageQueue {
    const parsed = bindingSchema.safeParse(binding);
    if (!parsed.success) throw refuse(`${where} names no queue`, where);
    const name = resolveSettings(parsed.data.queueName, this.#environment, where);
    if (!validName.test(name)) throw refuse(`${where}: "${name}" is no valid queue name`, where);
    return this.#open(name, connectionString(parsed.data.connection, this.#environment, where));
  }

  /** Where messages of `queue` go that failed too often. */
  poisonQueueOf(queue: StorageQueue, binding: Binding, where: string): StorageQueue {
    const connection = bindingSchema.parse(binding).connection;
    return this.#open(`${queue.name}-poison`, connectionString(connection, this.#environment, where));
  }

  #open(name: string, connection: string): StorageQueue {
    const key = `${connection}\n${name}`;
    const known = this.#queues.get(key);
    if (known) return known;
    let service = this.#services.get(connection);
    if (!service) {
      service = QueueServiceClient.fromConnectionString(connection);
      this.#services.set(connection, service);
    }
    const queue = new StorageQueue(name, service.getQueueClient(name), this.#encoding);
    this.#queues.set(key, queue);
    return queue;
  }
}

function refuse(message: string, where: string): QuarterdeckError {
  return new QuarterdeckError('FUNCTIONS_APP_INVALID', message, { culprit: { binding: where } });
}
