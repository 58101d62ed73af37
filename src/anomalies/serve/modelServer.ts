import type { AnomalyModelName, Clock, ModelVersion } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { stoppedError } from '../../platform/stopping';
import type { Telemetry } from '../../platform/telemetry/telemetry';
import { Arrivals } from './arrivals';
import { MicroBatcher } from './microBatcher';
import { ModelStatistics } from './modelStatistics';
import type { Classified, ServedModel } from './servedModel';

/** Where models come from. */
export interface ModelSource {
  /** What the model's pointer names: the same object as before while it has not moved. Throws MODEL_MISSING. */
  current(name: AnomalyModelName, signal: AbortSignal): Promise<ServedModel>;
  /** A given version. Throws MODEL_MISSING, MODEL_CORRUPT. */
  version(name: AnomalyModelName, version: ModelVersion, signal: AbortSignal): Promise<ServedModel>;
}

export interface ModelServerLimits {
  /** Age of the last look at the pointer from which the next request has it looked at again, beside its own work. */
  readonly lookAgainMs: number;
  /** Age from which a request waits for that look: a server that stood idle does not answer with what it knew. */
  readonly waitForLookMs: number;
  /** How long a version that is not current stays in memory after its last request. */
  readonly keepUnusedMs: number;
  /** Time limit for reading and opening a version. */
  readonly loadMs: number;
}

const defaultLimits: ModelServerLimits = {
  lookAgainMs: 1_000,
  waitForLookMs: 10_000,
  keepUnusedMs: 120_000,
  loadMs: 60_000,
};

/** A model for the length of one request: the version does not change under it and is not closed before it ends. */
export interface PinnedModel {
  readonly model: ServedModel;
  readonly statistics: ModelStatistics;
  /** Together with other requests of the moment. */
  classify(rows: Matrix, signal: AbortSignal, arrived?: () => void): Promise<Classified>;
}

interface Entry extends PinnedModel {
  users: number;
  lastUsedMs: number;
  closed: boolean;
}

interface Current {
  entry: Entry | undefined;
  lookedAtMs: number;
  looking: Promise<Entry> | undefined;
}

/**
 * Holds opened models and swaps them while requests run: a new version is read, opened and warmed beside the old
 * one, then takes over between two requests; the old one ends what it began and is closed after.
 */
export class ModelServer {
  readonly arrivals = new Arrivals();
  readonly #current = new Map<AnomalyModelName, Current>();
  readonly #entries = new Set<Entry>();
  readonly #opening = new Map<string, Promise<Entry>>();
  /** Outlives its versions: counts since the process started. */
  readonly #statistics = new Map<string, ModelStatistics>();
  readonly #limits: ModelServerLimits;

  constructor(
    private readonly source: ModelSource,
    private readonly platform: { readonly clock: Clock; readonly telemetry: Telemetry },
    limits: Partial<ModelServerLimits> = {},
  ) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /**
   * Runs `work` with one version of the model: the given one, or the one that is current now.
   * @throws MODEL_MISSING, MODEL_CORRUPT, STORAGE_UNAVAILABLE, and what `work` throws
   */
  async use<T>(
    name: AnomalyModelName,
    version: ModelVersion | undefined,
    signal: AbortSignal,
    work: (pinned: PinnedModel) => Promise<T>,
  ): Promise<T> {
    const entry = await this.#pin(name, version, signal);
    try {
      return await work(entry);
    } finally {
      entry.users -= 1;
      entry.lastUsedMs = this.platform.clock.monotonic();
      this.#closeUnused();
    }
  }

  /** Looks at the pointer first, however fresh the last look is. Throws as `use`. */
  async refresh(name: AnomalyModelName, signal: AbortSignal): Promise<ModelVersion> {
    const { model } = await untilAborted(this.#look(name), signal);
    return model.version;
  }

  /** Statistics by model and version, of everything that was ever served by this process. */
  statistics(): { name: AnomalyModelName; version: ModelVersion; statistics: ModelStatistics }[] {
    return [...this.#statistics].map(([key, statistics]) => {
      const [name, version] = key.split('@') as [AnomalyModelName, ModelVersion];
      return { name, version, statistics };
    });
  }

  /** Versions in memory. */
  loaded(): { name: AnomalyModelName; version: ModelVersion; users: number }[] {
    return [...this.#entries].map(({ model, users }) => ({
      name: model.name,
      version: model.version,
      users,
    }));
  }

  async #pin(name: AnomalyModelName, version: ModelVersion | undefined, signal: AbortSignal): Promise<Entry> {
    for (;;) {
      const entry =
        version === undefined
          ? await this.#currentEntry(name, signal)
          : await this.#versionEntry(name, version, signal);
      // It may have been closed between the promise's end and this line.
      if (!entry.closed) {
        entry.users += 1;
        return entry;
      }
    }
  }

  async #currentEntry(name: AnomalyModelName, signal: AbortSignal): Promise<Entry> {
    const state = this.#stateOf(name);
    const ageMs = this.platform.clock.monotonic() - state.lookedAtMs;
    if (!state.entry || ageMs >= this.#limits.waitForLookMs) return untilAborted(this.#look(name), signal);
    if (ageMs >= this.#limits.lookAgainMs) void this.#look(name).catch(() => undefined);
    return state.entry;
  }

  #stateOf(name: AnomalyModelName): Current {
    let state = this.#current.get(name);
    if (!state) {
      state = { entry: undefined, lookedAtMs: 0, looking: undefined };
      this.#current.set(name, state);
    }
    return state;
  }

  /** One look at a time; its failure leaves the version that serves. */
  #look(name: AnomalyModelName): Promise<Entry> {
    const state = this.#stateOf(name);
    return (state.looking ??= this.#lookNow(name, state).finally(() => {
      state.looking = undefined;
    }));
  }

  async #lookNow(name: AnomalyModelName, state: Current): Promise<Entry> {
    try {
      const model = await this.source.current(name, AbortSignal.timeout(this.#limits.loadMs));
      if (state.entry?.model !== model) state.entry = this.#enter(model);
      this.#closeUnused();
      return state.entry;
    } catch (error) {
      if (!state.entry) throw error;
      this.platform.telemetry.exception(error, { model: name, version: state.entry.model.version });
      return state.entry;
    } finally {
      state.lookedAtMs = this.platform.clock.monotonic();
    }
  }

  async #versionEntry(name: AnomalyModelName, version: ModelVersion, signal: AbortSignal): Promise<Entry> {
    for (const entry of this.#entries) {
      if (entry.model.name === name && entry.model.version === version) return entry;
    }
    const key = `${name}@${version}`;
    let opening = this.#opening.get(key);
    if (!opening) {
      opening = this.source
        .version(name, version, AbortSignal.timeout(this.#limits.loadMs))
        .then((model) => this.#enter(model))
        .finally(() => this.#opening.delete(key));
      this.#opening.set(key, opening);
    }
    return untilAborted(opening, signal);
  }

  #enter(model: ServedModel): Entry {
    const key = `${model.name}@${model.version}`;
    const statistics = this.#statistics.get(key) ?? new ModelStatistics();
    this.#statistics.set(key, statistics);
    const batcher = new MicroBatcher(model, this.arrivals, this.platform.clock, (run) => statistics.ran(run));
    const entry: Entry = {
      model,
      statistics,
      classify: (rows, signal, arrived) => batcher.classify(rows, signal, arrived),
      users: 0,
      lastUsedMs: this.platform.clock.monotonic(),
      closed: false,
    };
    this.#entries.add(entry);
    return entry;
  }

  #closeUnused(): void {
    const now = this.platform.clock.monotonic();
    for (const entry of this.#entries) {
      const isCurrent = this.#current.get(entry.model.name)?.entry === entry;
      if (isCurrent || entry.users > 0 || now - entry.lastUsedMs < this.#limits.keepUnusedMs) continue;
      entry.closed = true;
      this.#entries.delete(entry);
      entry.model.close().catch((error: unknown) => {
        this.platform.telemetry.exception(error, { model: entry.model.name, version: entry.model.version });
      });
    }
  }
}

/** Shared work goes on when one of those who wait for it gives up. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw stoppedError(signal);
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(stoppedError(signal));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort!);
  }
}
