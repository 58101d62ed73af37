import type { Clock } from '../contracts';
import type { RunningInvocations } from './invocation/runningInvocations';
import type { Listener } from './triggers/triggerKind';

export interface IdleParts {
  readonly running: RunningInvocations;
  readonly listeners: readonly Listener[];
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

/** Storage cannot say when a queue runs empty: it is asked this often. */
const askEveryMs = 50;

/** Resolves when nothing runs and nothing waits; throws the signal's reason. */
export async function whenIdle({ running, listeners, clock, signal }: IdleParts): Promise<void> {
  const given = signal ?? new AbortController().signal;
  for (;;) {
    given.throwIfAborted();
    await running.none();
    const waiting = await Promise.all(
      listeners.map(async (listener) => (await listener.waiting?.(given)) ?? 0),
    );
    if (running.count === 0 && waiting.every((count) => count === 0)) return;
    await clock.sleep(askEveryMs, given);
  }
}
