import type { Clock, Random } from '../../contracts';
import type { RegisteredFunction } from '../app/app';
import type { Environment } from '../configuration/environment';
import type { HostJson } from '../configuration/hostJson';
import type { RouteTable } from '../http/routeTable';
import type { HttpStreaming } from '../http/streaming';
import type { InvocationResult, Invoker, Log } from '../invocation/invoker';
import type { QueueConnections } from '../queues/queueConnections';
import type { ScheduleStore } from '../timers/scheduleStore';

/** What a trigger may use of the host it runs in. */
export interface TriggerHost {
  readonly invoker: Invoker;
  readonly environment: Environment;
  readonly hostJson: HostJson;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly routes: RouteTable;
  /** Set when the app wants HTTP bodies streamed. */
  readonly streaming: HttpStreaming | undefined;
  readonly queues: QueueConnections;
  readonly schedules: ScheduleStore;
  /** False: timers run by hand only. */
  readonly schedulesEnabled: boolean;
}

/** One function's trigger while the host runs. */
export interface Listener {
  /** Begins to take work. */
  start(): Promise<void>;
  /** Takes no new work. What runs, runs on. */
  stop(): Promise<void>;
  /** After `stop`: resolves when what ran has ended and is accounted for (message deleted, status written). */
  settled?(): Promise<void>;
  /** Runs the function once by hand. Throws INPUT_INVALID when the input does not fit the trigger. */
  invoke(input: unknown): Promise<InvocationResult>;
  /** Work that waits outside of this process, for triggers that have such. Also looks for it at once. */
  waiting?(signal: AbortSignal): Promise<number>;
}

/**
 * One kind of trigger: checks the binding and gives its listener. A new kind is one file that exports this and
 * one line in triggerKinds.ts.
 */
export type TriggerKind = (target: RegisteredFunction, host: TriggerHost) => Listener;
