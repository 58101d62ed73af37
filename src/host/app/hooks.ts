import type { Disposable } from './functionsCore';

const hookNames = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation', 'log'] as const;
export type HookName = (typeof hookNames)[number];

/** The app's hooks, run one after the other in the order they were registered, as the real worker does. */
export class Hooks {
  readonly #callbacks = new Map<HookName, ((context: object) => unknown)[]>(
    hookNames.map((name) => [name, []]),
  );

  add(name: string, callback: (context: object) => unknown): Disposable {
    const list = this.#callbacks.get(name as HookName);
    if (!list) {
      const error = new RangeError(`Unrecognized hook "${name}"`);
      throw Object.assign(error, { isAzureFunctionsSystemError: true });
    }
    list.push(callback);
    return {
      dispose: () => {
        const index = list.indexOf(callback);
        if (index >= 0) list.splice(index, 1);
      },
    };
  }

  async run(name: Exclude<HookName, 'log'>, context: object): Promise<void> {
    for (const callback of this.#callbacks.get(name)?.slice() ?? []) await callback(context);
  }

  /** Log hooks may change level and message; they cannot wait for anything. */
  runLog(context: object): void {
    for (const callback of this.#callbacks.get('log') ?? []) callback(context);
  }
}
