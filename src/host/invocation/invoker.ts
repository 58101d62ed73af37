import { randomUUID } from 'node:crypto';
import { isQuarterdeckError, QuarterdeckError, type Clock } from '../../contracts';
import type { App, RegisteredFunction } from '../app/app';
import type {
  CoreInvocationContext,
  InvocationModel,
  InvocationRequest,
  InvocationResponse,
  LogCategory,
  LogLevel,
  RetryContext,
  TypedData,
} from '../app/functionsCore';
import { reasonOf } from '../foreignError';
import type { OutputBindings } from '../outputs/outputBindings';
import type { RunningInvocations } from './runningInvocations';

export interface Trigger {
  readonly data: TypedData;
  readonly metadata?: Record<string, TypedData>;
  /** Given when the trigger must know the id before the function runs. */
  readonly invocationId?: string;
  readonly traceParent?: string | undefined;
  readonly retryContext?: RetryContext | undefined;
  /** What a streamed HTTP request is answered with when the function fails; 500 without it. */
  readonly failureStatus?: () => number;
}

export interface InvocationResult {
  readonly invocationId: string;
  readonly returnValue: TypedData | null | undefined;
}

export type Log = (level: LogLevel, message: string) => void;

export interface InvokerParts {
  readonly app: App;
  readonly running: RunningInvocations;
  readonly outputs: OutputBindings;
  readonly clock: Clock;
  /** Milliseconds a function may run; negative: no limit. */
  readonly timeoutMs: number;
  readonly log: Log;
}

/**
 * Runs one function once, in the steps of the real worker (azure-functions-nodejs-worker,
 * src/eventHandlers/InvocationHandler.ts), then writes its output bindings as the real host does.
 */
export class Invoker {
  readonly #parts: InvokerParts;

  constructor(parts: InvokerParts) {
    this.#parts = parts;
  }

  /**
   * @throws FUNCTION_FAILED when the function, a hook or an output fails; the cause is the app's own error.
   * @throws DEADLINE_EXCEEDED when the function runs longer than host.json's functionTimeout. Its code cannot be
   * stopped from outside and may still be running; its result is thrown away.
   */
  async invoke(target: RegisteredFunction, trigger: Trigger): Promise<InvocationResult> {
    const { running, clock, log } = this.#parts;
    const invocationId = trigger.invocationId ?? randomUUID();
    const startedAt = clock.monotonic();
    const took = () => `${Math.round(clock.monotonic() - startedAt)} ms`;
    running.begin(invocationId, target.name);
    try {
      const response = await this.#withinTimeout(target, this.#run(target, trigger, invocationId));
      await this.#parts.outputs.write(target, response);
      log('information', `${target.name} succeeded in ${took()} (${invocationId})`);
      return { invocationId, returnValue: response.returnValue };
    } catch (error) {
      const failure = asFailure(target, error);
      log(
        'error',
        `${target.name} failed after ${took()} (${invocationId}): ${describe(failure.cause ?? failure)}`,
      );
      throw failure;
    } finally {
      running.end(invocationId);
    }
  }

  async #run(
    target: RegisteredFunction,
    trigger: Trigger,
    invocationId: string,
  ): Promise<InvocationResponse> {
    const { app } = this.#parts;
    const core = this.#coreContext(target, trigger, invocationId);
    const model = app.model.getInvocationModel(core.context);
    const { context, inputs } = await model.getArguments();
    core.invocationContext = context;
    const hookData = {};
    const shared = { hookData, appHookData: app.appHookData, invocationContext: context };

    const before = { ...shared, functionCallback: target.callback, inputs };
    core.context.state = 'preInvocationHooks';
    await app.hooks.run('preInvocation', before);

    const after: { inputs: unknown[]; result: unknown; error: unknown } = {
      ...shared,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    core.context.state = 'invocation';
    try {
      after.result = await model.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
    core.context.state = 'postInvocationHooks';
    await app.hooks.run('postInvocation', after);
    core.context.state = undefined;

    if (after.error !== null && after.error !== undefined) {
      if (answersHttp(target)) await releaseStream(model, context, trigger);
      throw asFailure(target, after.error);
    }
    const nothing = after.result === undefined || after.result === null;
    return model.getResponse(context, nothing && answersHttp(target) ? { status: 204 } : after.result);
  }

  #coreContext(target: RegisteredFunction, trigger: Trigger, invocationId: string) {
    const { app, log } = this.#parts;
    const request: InvocationRequest = {
      invocationId,
      inputData: [{ name: target.triggerName, data: trigger.data }],
      triggerMetadata: trigger.metadata ?? {},
      traceContext: { traceParent: trigger.traceParent ?? newTraceParent(), traceState: '' },
      ...(trigger.retryContext ? { retryContext: trigger.retryContext } : {}),
    };
    const core: { context: CoreInvocationContext; invocationContext: unknown } = {
      invocationContext: undefined,
      context: {
        invocationId,
        request,
        metadata: target.metadata,
        state: undefined,
        log: (level: LogLevel, category: LogCategory, message: string) => {
          const entry = { level, category, message, invocationContext: core.invocationContext, hookData: {} };
          app.hooks.runLog(entry);
          log(entry.level, `${target.name}: ${entry.message}`);
        },
      },
    };
    return core;
  }

  async #withinTimeout<T>(target: RegisteredFunction, work: Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#parts;
    if (timeoutMs < 0) return work;
    const finished = new AbortController();
    const limit = clock.sleep(timeoutMs, finished.signal).then(
      () => {
        throw new QuarterdeckError(
          'DEADLINE_EXCEEDED',
          `function "${target.name}" ran longer than functionTimeout (${timeoutMs / 1000} s)`,
          { culprit: { function: target.name } },
        );
      },
      () => new Promise<never>(() => {}),
    );
    try {
      return await Promise.race([work, limit]);
    } finally {
      // With a reason that is there already: making one for each invocation costs as much as the rest of the host.
      finished.abort(invocationEnded);
    }
  }
}

const invocationEnded = new QuarterdeckError('ABORTED', 'the invocation has ended');

function answersHttp({ metadata }: RegisteredFunction): boolean {
  return metadata.bindings['$return']?.type.toLowerCase() === 'http';
}

/**
 * With HTTP streaming on, `@azure/functions` holds the response of each invocation until it is answered through
 * `getResponse`: a failed one is answered here, or it would be held for ever.
 */
async function releaseStream(model: InvocationModel, context: unknown, trigger: Trigger): Promise<void> {
  await model.getResponse(context, { status: trigger.failureStatus?.() ?? 500 });
}

function asFailure({ name }: RegisteredFunction, error: unknown): QuarterdeckError {
  const known =
    isQuarterdeckError(error, 'FUNCTION_FAILED') || isQuarterdeckError(error, 'DEADLINE_EXCEEDED');
  if (known) return error;
  return new QuarterdeckError('FUNCTION_FAILED', `function "${name}" failed: ${reasonOf(error)}`, {
    culprit: { function: name },
    cause: error,
  });
}

/** W3C Trace Context: a trace of its own for an invocation that nobody started from a trace. */
function newTraceParent(): string {
  // Random identifiers are drawn ahead of need, which makes them a good deal quicker than random bytes.
  const [trace, span] = [randomUUID(), randomUUID()].map((id) => id.replaceAll('-', ''));
  return `00-${trace}-${span!.slice(0, 16)}-01`;
}

function describe(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'stack' in error) return String(error.stack);
  return reasonOf(error);
}
