import type { Clock } from '../../contracts';
import type { Telemetry } from '../../platform/telemetry/telemetry';

export interface PollingLimits {
  /** Age from which the next reader has it read again, without waiting. */
  readonly lookAgainMs: number;
  /** Age from which a reader waits for what is true now. */
  readonly waitForLookMs: number;
  readonly readMs: number;
}

const defaultLimits: PollingLimits = { lookAgainMs: 1_000, waitForLookMs: 10_000, readMs: 10_000 };

/**
 * A value of the storage that every request needs and hardly any finds changed: read at most once a second, beside
 * the requests. While it cannot be read, the last one stands.
 */
export class Polled<T> {
  #known: { readonly value: T; readonly atMs: number } | undefined;
  #reading: Promise<T> | undefined;
  readonly #limits: PollingLimits;

  constructor(
    private readonly read: (signal: AbortSignal) => Promise<T>,
    private readonly platform: { readonly clock: Clock; readonly telemetry: Telemetry },
    limits: Partial<PollingLimits> = {},
  ) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** @throws what reading throws, while nothing was ever read */
  async get(): Promise<T> {
    const known = this.#known;
    const ageMs = known ? this.platform.clock.monotonic() - known.atMs : Infinity;
    if (!known || ageMs >= this.#limits.waitForLookMs) return this.refresh();
    // `refresh` keeps the last value and tells of a failure itself.
    if (ageMs >= this.#limits.lookAgainMs) void this.refresh();
    return known.value;
  }

  /** Reads now; one read at a time serves all who wait. */
  refresh(): Promise<T> {
    return (this.#reading ??= this.#readNow().finally(() => {
      this.#reading = undefined;
    }));
  }

  async #readNow(): Promise<T> {
    const { clock, telemetry } = this.platform;
    try {
      const value = await this.read(AbortSignal.timeout(this.#limits.readMs));
      this.#known = { value, atMs: clock.monotonic() };
      return value;
    } catch (error) {
      if (!this.#known) throw error;
      telemetry.exception(error, { reading: 'routing' });
      // Not asked again before the next look is due.
      this.#known = { value: this.#known.value, atMs: clock.monotonic() };
      return this.#known.value;
    }
  }
}
