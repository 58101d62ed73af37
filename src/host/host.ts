import { resolve, join } from 'node:path';
import { QuarterdeckError, seededRandom, type Clock, type Random } from '../contracts';
import { hostVersion, type RegisteredFunction } from './app/app';
import type { LogLevel } from './app/functionsCore';
import { loadApp, type LoadedApp } from './app/loadApp';
import { applyEnvironment, type Environment } from './configuration/environment';
import { readHostJson } from './configuration/hostJson';
import { readLocalSettings } from './configuration/localSettings';
import { CrossOrigin } from './http/cors';
import { defaultHttpLimits, HttpServer, type HttpLimits } from './http/httpServer';
import { Keys } from './http/keys';
import { RouteTable } from './http/routeTable';
import { startStreaming } from './http/streaming';
import { Invoker } from './invocation/invoker';
import { RunningInvocations } from './invocation/runningInvocations';
import { OutputBindings } from './outputs/outputBindings';
import { QueueConnections } from './queues/queueConnections';
import { systemClock } from '../platform/systemClock';
import { FolderScheduleStore, MemoryScheduleStore } from './timers/scheduleStore';
import type { Listener, TriggerHost } from './triggers/triggerKind';
import { listenerFor } from './triggers/triggerKinds';
import { whenIdle } from './whenIdle';

export interface HostOptions {
  /** Folder of the app: package.json, host.json, local.settings.json. */
  readonly root: string;
  /** 0: a free one. Without it: local.settings.json's `Host.LocalHttpPort`, else 7071. */
  readonly port?: number;
  /** Address to listen on; 127.0.0.1 unless told otherwise. */
  readonly bind?: string;
  /** Settings that win over the process's environment and local.settings.json. */
  readonly environment?: Environment;
  readonly log?: (line: string) => void;
  /** False: timers run by hand only. */
  readonly schedulesEnabled?: boolean;
  /** Where timers remember their runs; without it a restart knows of none. */
  readonly stateDir?: string;
  /** How long a stop waits for running functions. */
  readonly stopLimitMs?: number;
  readonly limits?: Partial<HttpLimits>;
  readonly clock?: Clock;
  readonly random?: Random;
}

export interface HostedFunction {
  readonly name: string;
  /** Such as `httpTrigger`. */
  readonly trigger: string;
  readonly disabled: boolean;
}

export interface RunningHost {
  /** Such as `http://127.0.0.1:7071`. */
  readonly url: string;
  readonly functions: readonly HostedFunction[];
  /**
   * Runs a function once by hand, whatever its schedule or queue, and gives what it returned. Throws NOT_FOUND,
   * INPUT_INVALID (also for HTTP functions: call their route) or FUNCTION_FAILED.
   */
  invoke(name: string, input?: unknown): Promise<unknown>;
  /** Resolves when nothing runs and no message waits in the app's queues, poison queues aside. */
  idle(signal?: AbortSignal): Promise<void>;
  /** Takes no new work, lets what runs end within the limit, then runs the app's terminate hooks. */
  stop(): Promise<void>;
}

/** As Core Tools. */
const defaultPort = 7071;
/** As the real host gives its functions when it is drained on one machine. */
const defaultStopLimitMs = 30_000;
const homepage =
  '<!doctype html><html lang="en"><meta charset="utf-8"><title>Functions host</title><p>Your functions app is up and running.</p></html>';

/**
 * Starts a functions app in this process: loads its compiled entry files, listens for HTTP, timers and queues.
 * The app sees what it sees in Azure; nothing in it knows this host.
 *
 * @throws FUNCTIONS_APP_INVALID, SETTINGS_INVALID, HOST_ADDRESS_TAKEN; what was started is stopped again.
 */
export async function startHost(options: HostOptions): Promise<RunningHost> {
  const undo: (() => void | Promise<void>)[] = [];
  try {
    return await start({ ...options, root: resolve(options.root) }, undo);
  } catch (error) {
    for (const step of undo.toReversed()) await step();
    throw error;
  }
}

async function start(options: HostOptions, undo: (() => void | Promise<void>)[]): Promise<RunningHost> {
  const { root, clock = systemClock, random = seededRandom(clock.now()) } = options;
  const startedAt = clock.monotonic();
  const log = logTo(options.log);
  const hostJson = readHostJson(root);
  const local = readLocalSettings(root);
  const { environment, restore } = applyEnvironment(local, options.environment ?? {});
  undo.push(restore);

  const loaded = await loadApp(root, (level, _category, message) => log(level, message));
  undo.push(() => loaded.unload());
  const { app } = loaded;
  const streaming = await startStreaming(app.model);
  await app.hooks.run('appStart', startContext(loaded, root));
  app.seal();

  const isDisabled = (name: string) =>
    /^(?:true|1)$/i.test(environment[`AzureWebJobs.${name}.Disabled`] ?? '');
  const enabled = app.functions.filter(({ name }) => !isDisabled(name));
  const queues = new QueueConnections(environment, hostJson.extensions.queues.messageEncoding);
  const running = new RunningInvocations();
  const outputs = new OutputBindings(enabled, queues);
  const invoker = new Invoker({ app, running, outputs, clock, timeoutMs: hostJson.functionTimeout, log });
  const routes = new RouteTable();
  const triggerHost: TriggerHost = {
    invoker,
    environment,
    hostJson,
    clock,
    random,
    log,
    routes,
    streaming,
    queues,
    schedules:
      options.stateDir === undefined
        ? new MemoryScheduleStore()
        : new FolderScheduleStore(join(options.stateDir, 'timers'), (message) => log('warning', message)),
    schedulesEnabled: options.schedulesEnabled ?? true,
  };
  const listeners = new Map<string, Listener>();
  for (const target of enabled) listeners.set(target.name, listenerFor(target, triggerHost));

  const invoke = (name: string, input?: unknown) => {
    const target = app.find(name);
    const listener = target && listeners.get(target.name);
    if (!listener) {
      throw new QuarterdeckError('NOT_FOUND', `there is no function "${name}"`, {
        culprit: { function: name },
      });
    }
    return listener.invoke(input);
  };
  const bind = options.bind ?? '127.0.0.1';
  const server = new HttpServer({
    routes,
    keys: new Keys(environment),
    crossOrigin: new CrossOrigin(local.Host.CORS, local.Host.CORSCredentials),
    options: hostJson.extensions.http,
    limits: { ...defaultHttpLimits, ...options.limits },
    homepage: /^(?:true|1)$/i.test(environment['AzureWebJobsDisableHomepage'] ?? '') ? undefined : homepage,
    log,
    admin: {
      functions: app.functions,
      find: (name) => app.find(name),
      isDisabled,
      invoke,
      status: () => ({
        id: 'local',
        state: 'Running',
        version: hostVersion,
        processUptime: Math.round(clock.monotonic() - startedAt),
        running: running.count,
      }),
    },
  });
  const port = await server.listen(options.port ?? local.Host.LocalHttpPort ?? defaultPort, bind);
  undo.push(() => server.stop());
  for (const listener of listeners.values()) {
    undo.push(() => listener.stop());
    await listener.start();
  }
  const url = `http://${bind.includes(':') ? `[${bind}]` : bind}:${port}`;
  log('information', `${enabled.length} functions at ${url}`);

  const all = [...listeners.values()];
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    const answered = server.stop();
    await Promise.all(all.map((listener) => listener.stop()));
    const waited = new AbortController();
    const inTime = await Promise.race([
      Promise.all([running.none(), answered, ...all.map((listener) => listener.settled?.())]).then(
        () => true,
      ),
      clock.sleep(options.stopLimitMs ?? defaultStopLimitMs, waited.signal).then(
        () => false,
        () => false,
      ),
    ]);
    waited.abort();
    if (!inTime)
      log('warning', `stopped while these functions ran: ${running.functions.join(', ') || 'none'}`);
    server.closeAll();
    await app.hooks.run('appTerminate', startContext(loaded, root));
    loaded.unload();
    restore();
  };
  return {
    url,
    functions: app.functions.map((target) => hosted(target, isDisabled)),
    invoke: async (name, input) => valueOf(await invoke(name, input)),
    idle: (signal) => whenIdle({ running, listeners: all, clock, signal }),
    stop: () => (stopped ??= stop()),
  };
}

function hosted(
  { name, trigger }: RegisteredFunction,
  isDisabled: (name: string) => boolean,
): HostedFunction {
  return { name, trigger: trigger.type, disabled: isDisabled(name) };
}

function startContext({ app }: LoadedApp, functionAppDirectory: string): object {
  return { hookData: app.hookData, appHookData: app.appHookData, functionAppDirectory };
}

function valueOf({ returnValue }: Awaited<ReturnType<Listener['invoke']>>): unknown {
  if (!returnValue) return undefined;
  const { string, json, int, double, bytes } = returnValue;
  return json === undefined ? (string ?? int ?? double ?? bytes) : (JSON.parse(json) as unknown);
}

const silent: ReadonlySet<LogLevel> = new Set<LogLevel>(['trace', 'debug', 'none']);

function logTo(write: ((line: string) => void) | undefined) {
  return (level: LogLevel, message: string) => {
    if (write && !silent.has(level)) write(`[${level}] ${message}`);
  };
}
