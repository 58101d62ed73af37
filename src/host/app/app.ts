import { QuarterdeckError } from '../../contracts';
import type {
  Binding,
  Disposable,
  FunctionCallback,
  FunctionMetadata,
  FunctionsCore,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './functionsCore';
import { Hooks } from './hooks';

/** Said to the app as the host's version: the line of the real host whose behaviour this one follows. */
export const hostVersion = '4.1040.0';

export interface RegisteredFunction {
  readonly name: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
  readonly triggerName: string;
  readonly trigger: Binding;
}

export type AppLog = (level: LogLevel, category: LogCategory, message: string) => void;

class Disposal implements Disposable {
  constructor(private readonly callback: () => void) {}
  dispose(): void {
    this.callback();
  }
}

/** What an app says about itself while its files load: functions, hooks and its programming model. */
export class App {
  readonly hooks = new Hooks();
  /** Shared by the app's own start and terminate hooks only. */
  readonly hookData: Record<string, unknown> = {};
  /** Shared by all hooks. */
  readonly appHookData: Record<string, unknown> = {};
  readonly core: FunctionsCore;
  readonly #functions = new Map<string, RegisteredFunction>();
  #model: ProgrammingModel | undefined;
  #loading: string | undefined;
  #sealed = false;

  constructor(log: AppLog) {
    this.core = {
      version: hostVersion,
      hostVersion,
      setProgrammingModel: (model) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      registerFunction: (metadata, callback) => this.#register(metadata, callback),
      registerHook: (name, callback) => this.hooks.add(name, callback),
      log,
      Disposable: Disposal,
    };
  }

  get functions(): readonly RegisteredFunction[] {
    return [...this.#functions.values()];
  }

  /** @throws FUNCTIONS_APP_INVALID when no file used `@azure/functions`. */
  get model(): ProgrammingModel {
    if (this.#model) return this.#model;
    throw new QuarterdeckError(
      'FUNCTIONS_APP_INVALID',
      'no entry file registers a function through @azure/functions',
    );
  }

  /** Names the file in errors while it loads. */
  set loadingFile(file: string | undefined) {
    this.#loading = file;
  }

  /** From now on nothing can be registered any more, as in the real worker. */
  seal(): void {
    this.#sealed = true;
  }

  /** Function names are compared without case, as in the real host. */
  find(name: string): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  #register(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { name } = metadata;
    const refuse = (why: string) =>
      new QuarterdeckError('FUNCTIONS_APP_INVALID', `function "${name}" ${why}`, {
        culprit: { function: name, ...(this.#loading === undefined ? {} : { file: this.#loading }) },
      });
    if (this.#sealed) throw refuse('is registered after the app has started');
    if (!/^[A-Za-z][\w-]{0,127}$/.test(name)) {
      throw refuse('needs a name of letters, digits, _ and -, with a letter first');
    }
    if (this.#functions.has(name.toLowerCase())) throw refuse('is registered twice');
    const entry = Object.entries(metadata.bindings).find(([, binding]) => /trigger$/i.test(binding.type));
    if (!entry) throw refuse('has no trigger');
    const [triggerName, trigger] = entry;
    this.#functions.set(name.toLowerCase(), { name, metadata, callback, triggerName, trigger });
    return new Disposal(() => this.#functions.delete(name.toLowerCase()));
  }
}
