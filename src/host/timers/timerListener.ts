import type { Clock } from '../../contracts';
import type { Log } from '../invocation/invoker';
import type { Schedule } from './schedule';
import type { ScheduleStatus, ScheduleStore } from './scheduleStore';

export interface TimerRun {
  readonly isPastDue: boolean;
  /** Undefined when the timer's state is not kept. */
  readonly status: ScheduleStatus | undefined;
}

export interface TimerListenerParts {
  readonly name: string;
  readonly schedule: Schedule;
  /** Undefined: nothing is remembered across restarts. */
  readonly store: ScheduleStore | undefined;
  readonly runOnStartup: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly run: (run: TimerRun) => Promise<void>;
}

/** Waits are cut at this length, so that a machine that slept, or a clock that was set, is noticed soon. */
const longestWaitMs = 60_000;

/**
 * One timer: the logic of the real host's listener (azure-webjobs-sdk-extensions, TimerListener.cs and
 * ScheduleMonitor.cs). Runs never overlap; times that come while one is running are made up for by one run.
 */
export class TimerListener {
  readonly #parts: TimerListenerParts;
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  /** Runs of the schedule and by hand, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: TimerListenerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    const { clock, store, name, runOnStartup } = this.#parts;
    const now = clock.now();
    const status = await this.#initialStatus(now);
    await store?.write(name, status);
    const isPastDue = store !== undefined && now > status.next;
    const begin = isPastDue || runOnStartup ? this.#invoke(status, isPastDue, now) : Promise.resolve(status);
    this.#loop = begin
      .then((current) => this.#keepTime(current))
      .catch((error: unknown) => {
        this.#parts.log('error', `${name}: its timer has ended: ${String(error)}`);
      });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
  }

  /** After `stop`: resolves when the last run has ended and its status is written. */
  async settled(): Promise<void> {
    await this.#loop;
  }

  /** Runs after whatever run is under way. */
  async exclusively<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run, run);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** What is remembered, or a first entry; an entry of another schedule is brought to this one. */
  async #initialStatus(now: number): Promise<ScheduleStatus> {
    const { store, name, schedule } = this.#parts;
    const known = await store?.read(name);
    if (!known) return { last: undefined, next: schedule.next(now), lastUpdated: now };
    const since = known.last ?? known.lastUpdated;
    const expected = schedule.next(since);
    if (known.next === expected) return known;
    // The schedule has changed since: a time of the new one that has passed is not missed, it never was due.
    return now > expected
      ? { last: known.last, next: schedule.next(now), lastUpdated: now }
      : { last: known.last, next: expected, lastUpdated: since };
  }

  async #keepTime(first: ScheduleStatus): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = this.#stopping;
    let status = first;
    while (!signal.aborted) {
      const wait = status.next - clock.now();
      if (wait > 0) {
        try {
          await clock.sleep(Math.min(wait, longestWaitMs), signal);
        } catch {
          return;
        }
        continue;
      }
      status = await this.#invoke(status, false, clock.now());
    }
  }

  async #invoke(status: ScheduleStatus, isPastDue: boolean, at: number): Promise<ScheduleStatus> {
    const { store, name, schedule, log, run } = this.#parts;
    const ran = await this.exclusively(async () => {
      if (this.#stopping.signal.aborted) return false;
      try {
        await run({ isPastDue, status: store ? status : undefined });
      } catch {
        // Logged by whoever ran the function; a failed run does not stop the schedule.
      }
      return true;
    });
    // Not run because the host stops: it stays due, and the next start sees that.
    if (!ran) return status;
    const next: ScheduleStatus = { last: at, next: schedule.next(at), lastUpdated: at };
    try {
      await store?.write(name, next);
    } catch (error) {
      log('error', `${name}: its schedule status cannot be written: ${String(error)}`);
    }
    return next;
  }
}
