import type { DurationStatistic, ModelStatisticsDocument } from '../../contracts';

/** Largest number of batch sizes told apart; what comes later is only in the totals. */
const mostBatchSizes = 64;
const nanosecondsPerMs = 1_000_000;

class Duration {
  #count = 0;
  #ms = 0;

  add(ms: number, count = 1): void {
    this.#count += count;
    this.#ms += ms;
  }

  get document(): DurationStatistic {
    return { count: this.#count, ns: Math.round(this.#ms * nanosecondsPerMs) };
  }
}

/** What a model version has done since the process started, as Triton's statistics extension counts it. */
export class ModelStatistics {
  #lastInferenceMs = 0;
  #inferences = 0;
  #executions = 0;
  readonly #success = new Duration();
  readonly #fail = new Duration();
  readonly #queue = new Duration();
  readonly #input = new Duration();
  readonly #infer = new Duration();
  readonly #output = new Duration();
  readonly #batches = new Map<number, Duration>();

  /** One run of the model, for one or more requests. */
  ran(run: { readonly rows: number; readonly waitedMs: readonly number[]; readonly tookMs: number }): void {
    this.#executions += 1;
    this.#infer.add(run.tookMs);
    for (const waited of run.waitedMs) this.#queue.add(waited);
    const known = this.#batches.get(run.rows);
    if (known) known.add(run.tookMs);
    else if (this.#batches.size < mostBatchSizes) {
      const batch = new Duration();
      batch.add(run.tookMs);
      this.#batches.set(run.rows, batch);
    }
  }

  succeeded(request: {
    readonly rows: number;
    readonly atMs: number;
    readonly tookMs: number;
    readonly inputMs: number;
    readonly outputMs: number;
  }): void {
    this.#lastInferenceMs = request.atMs;
    this.#inferences += request.rows;
    this.#success.add(request.tookMs);
    this.#input.add(request.inputMs);
    this.#output.add(request.outputMs);
  }

  failed(tookMs: number): void {
    this.#fail.add(tookMs);
  }

  document(name: string, version: string): ModelStatisticsDocument {
    const none = { count: 0, ns: 0 };
    return {
      name,
      version,
      last_inference: this.#lastInferenceMs,
      inference_count: this.#inferences,
      execution_count: this.#executions,
      inference_stats: {
        success: this.#success.document,
        fail: this.#fail.document,
        queue: this.#queue.document,
        compute_input: this.#input.document,
        compute_infer: this.#infer.document,
        compute_output: this.#output.document,
        cache_hit: none,
      },
      batch_stats: [...this.#batches]
        .sort(([a], [b]) => a - b)
        .map(([size, duration]) => ({
          batch_size: size,
          // Both are done per request, before and after the requests of a batch come together.
          compute_input: none,
          compute_infer: duration.document,
          compute_output: none,
        })),
    };
  }
}
