/**
 * Counts requests that have come in and are still being read, so that a batch knows whether waiting for more is of
 * use: a request that is alone never waits.
 */
export class Arrivals {
  #approaching = 0;
  readonly #watchers = new Set<() => void>();

  get approaching(): number {
    return this.#approaching;
  }

  /** @returns what to call, once or more, when the request has joined a batch or ended without. */
  announce(): () => void {
    this.#approaching += 1;
    let open = true;
    return () => {
      if (!open) return;
      open = false;
      this.#approaching -= 1;
      if (this.#approaching > 0) return;
      const watchers = [...this.#watchers];
      this.#watchers.clear();
      for (const watcher of watchers) watcher();
    };
  }

  /** Calls back once when nobody approaches any more. */
  whenNone(watcher: () => void): void {
    this.#watchers.add(watcher);
  }
}
