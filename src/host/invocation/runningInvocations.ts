/** Counts what runs, so that a stop can wait for it and `idle` can tell. */
export class RunningInvocations {
  readonly #running = new Map<string, string>();
  #waiting: (() => void)[] = [];

  get count(): number {
    return this.#running.size;
  }

  /** Names of the functions that run, one per invocation. */
  get functions(): string[] {
    return [...this.#running.values()];
  }

  begin(invocationId: string, functionName: string): void {
    this.#running.set(invocationId, functionName);
  }

  end(invocationId: string): void {
    this.#running.delete(invocationId);
    if (this.#running.size > 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when nothing runs. */
  async none(): Promise<void> {
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
