/** host.json's maxConcurrentRequests and maxOutstandingRequests: what is over the first waits, over the second is refused. */
export class Throttle {
  readonly #concurrent: number;
  readonly #outstanding: number;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  /** Negative: no limit. */
  constructor(maxConcurrentRequests: number, maxOutstandingRequests: number) {
    this.#concurrent = maxConcurrentRequests < 0 ? Infinity : maxConcurrentRequests;
    this.#outstanding = maxOutstandingRequests < 0 ? Infinity : maxOutstandingRequests;
  }

  /** False, and nothing run, when too many are waiting already. */
  async run(work: () => Promise<void>): Promise<boolean> {
    if (this.#running + this.#queue.length >= this.#outstanding) return false;
    if (this.#running >= this.#concurrent) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#running += 1;
    try {
      await work();
    } finally {
      this.#running -= 1;
      this.#queue.shift()?.();
    }
    return true;
  }
}
