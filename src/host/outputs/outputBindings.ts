import { QuarterdeckError } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import type { Binding, InvocationResponse, TypedData } from '../app/functionsCore';
import type { QueueConnections } from '../queues/queueConnections';
import { queueOutput } from './queueOutput';

/** Writes what a function handed to one of its output bindings. */
export type OutputWriter = (data: TypedData) => Promise<void>;

/** One kind of output: checks the binding when the app starts, and gives what writes to it. */
export type OutputKind = (binding: Binding, where: string, connections: QueueConnections) => OutputWriter;

/** Every output this host can write, by binding type. `http` is the answer itself and is sent by the HTTP trigger. */
const outputKinds: Readonly<Record<string, OutputKind>> = { queue: queueOutput };

const returnBinding = '$return';

/** The output bindings of an app, checked at start. */
export class OutputBindings {
  readonly #writers = new Map<string, Map<string, OutputWriter>>();

  /** @throws FUNCTIONS_APP_INVALID naming function and binding when this host cannot write such an output. */
  constructor(functions: readonly RegisteredFunction[], connections: QueueConnections) {
    for (const { name, metadata } of functions) {
      const writers = new Map<string, OutputWriter>();
      for (const [bindingName, binding] of Object.entries(metadata.bindings)) {
        const type = binding.type.toLowerCase();
        if (binding.direction !== 'out' || type === 'http') continue;
        const kind = outputKinds[type];
        const where = `output "${bindingName}" of function "${name}"`;
        if (!kind) {
          throw new QuarterdeckError(
            'FUNCTIONS_APP_INVALID',
            `${where}: this host has no "${binding.type}" output`,
            {
              culprit: { function: name, binding: bindingName },
            },
          );
        }
        writers.set(bindingName, kind(binding, where, connections));
      }
      this.#writers.set(name, writers);
    }
  }

  async write(target: RegisteredFunction, response: InvocationResponse): Promise<void> {
    const writers = this.#writers.get(target.name);
    if (!writers) return;
    for (const { name, data } of response.outputData ?? []) await writers.get(name)?.(data);
    const { returnValue } = response;
    if (returnValue) await writers.get(returnBinding)?.(returnValue);
  }
}
