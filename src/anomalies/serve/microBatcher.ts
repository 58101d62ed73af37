import type { Clock } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { stoppedError } from '../../platform/stopping';
import type { Arrivals } from './arrivals';
import type { Classified, ServedModel } from './servedModel';

/** Longest that a request waits for company. */
export const batchWindowMs = 2;
/** From here on a run costs much more than its start: such a request gains nothing by company. */
const rowsAlone = 256;
/** Rows of a shared run: more would keep the first of them waiting for the last. */
const rowsTogether = 1_024;

interface Waiting {
  readonly rows: Matrix;
  readonly signal: AbortSignal;
  readonly joinedAtMs: number;
  readonly resolve: (classified: Classified) => void;
  readonly reject: (error: unknown) => void;
}

/** Told of every run: how many rows and requests, how long the requests waited, how long the run took. */
export type RunObserver = (run: {
  readonly rows: number;
  readonly waitedMs: readonly number[];
  readonly tookMs: number;
}) => void;

/**
 * Scores the rows of concurrent requests in one run of the model (dynamic batching, as in Triton and Clipper,
 * Crankshaw et al. 2017). A lone request runs at once. While others are on their way, or a run is under way, it waits
 * for them, at most `batchWindowMs`.
 */
export class MicroBatcher {
  #waiting: Waiting[] = [];
  /** Shared runs under way. */
  #running = 0;

  constructor(
    private readonly model: ServedModel,
    private readonly arrivals: Arrivals,
    private readonly clock: Clock,
    private readonly observe: RunObserver,
  ) {}

  /**
   * @param arrived called once the rows have joined a batch: what `Arrivals.announce` returned
   * @throws ABORTED or DEADLINE_EXCEEDED when the signal ends before the run; what the model throws
   */
  classify(rows: Matrix, signal: AbortSignal, arrived: () => void = () => {}): Promise<Classified> {
    if (signal.aborted) return Promise.reject(stoppedError(signal));
    return new Promise((resolve, reject) => {
      const job: Waiting = { rows, signal, joinedAtMs: this.clock.monotonic(), resolve, reject };
      if (rows.n >= rowsAlone) {
        arrived();
        void this.run([job]);
        return;
      }
      const batch = this.#waiting;
      batch.push(job);
      arrived();
      // The last one to arrive has set off the others' batch, with this job in it.
      if (this.#waiting !== batch) return;
      if (this.waitingRows() >= rowsTogether) this.flush();
      else this.flushIfNobodyComes();
      if (this.#waiting === batch && batch.length === 1) this.flushSoon();
    });
  }

  private waitingRows(): number {
    return this.#waiting.reduce((sum, { rows }) => sum + rows.n, 0);
  }

  private flushIfNobodyComes(): void {
    if (this.#waiting.length > 0 && this.arrivals.approaching === 0 && this.#running === 0) this.flush();
  }

  private flushSoon(): void {
    const batch = this.#waiting;
    this.arrivals.whenNone(() => this.flushIfNobodyComes());
    const atTheLatest = (): void => {
      if (this.#waiting === batch) this.flush();
    };
    void this.clock.sleep(batchWindowMs).then(atTheLatest);
  }

  private flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const wanted = batch.filter(({ signal, reject }) => {
      if (signal.aborted) reject(stoppedError(signal));
      return !signal.aborted;
    });
    if (wanted.length > 0) void this.runTogether(wanted);
  }

  private async runTogether(batch: readonly Waiting[]): Promise<void> {
    this.#running += 1;
    await this.run(batch);
    this.#running -= 1;
    this.flushIfNobodyComes();
  }

  private async run(batch: readonly Waiting[]): Promise<void> {
    const startedAtMs = this.clock.monotonic();
    try {
      const rows = sideBySide(batch.map((job) => job.rows));
      // One caller that gives up must not stop the others' run; a run of its own may stop.
      const signal = batch.length === 1 ? batch[0]!.signal : new AbortController().signal;
      const all = await this.model.classify(rows, signal);
      this.observe({
        rows: rows.n,
        waitedMs: batch.map(({ joinedAtMs }) => startedAtMs - joinedAtMs),
        tookMs: this.clock.monotonic() - startedAtMs,
      });
      let first = 0;
      for (const job of batch) {
        const end = first + job.rows.n;
        job.resolve({
          labels: all.labels.subarray(first, end),
          probabilities: all.probabilities.subarray(first * 2, end * 2),
        });
        first = end;
      }
    } catch (error) {
      for (const job of batch) job.reject(error);
    }
  }
}

function sideBySide(parts: readonly Matrix[]): Matrix {
  const [only] = parts;
  if (parts.length === 1) return only!;
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const { d } = only!;
  const values = new Float32Array(n * d);
  let row = 0;
  for (const part of parts) {
    values.set(part.values, row * d);
    row += part.n;
  }
  return { values, n, d };
}
