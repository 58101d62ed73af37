import { createHash } from 'node:crypto';
import { QuarterdeckError } from '../../contracts';
import { classifierInput, classifierLabel, classifierProbabilities } from '../../learn/onnx';
import { stoppedError } from '../stopping';
import { openOnnxSession, type OnnxSession, type OnnxSessionOptions } from './onnxSession';

/** Answers of a classifier, row by row. */
export interface OnnxClassification {
  /** n times 0 or 1. */
  readonly labels: BigInt64Array;
  /** `n × 2`, row-major: of normal, of anomaly. */
  readonly probabilities: Float32Array;
}

/** One holder's use of a shared session. */
export interface OnnxClassifier {
  readonly sha256: string;
  /** Columns of the input. */
  readonly d: number;
  readonly metadata: ReadonlyMap<string, string>;
  /**
   * @param rows `n × d`, row-major, NaN for missing values.
   * @throws DATA_RAGGED, DATA_WIDTH_MISMATCH, ONNX_FAILED, ONNX_CLOSED, ABORTED, DEADLINE_EXCEEDED.
   */
  run(rows: Float32Array, n: number, d: number, signal: AbortSignal): Promise<OnnxClassification>;
  /** Gives the session up; the last holder's frees it. Runs under way end first. */
  close(): Promise<void>;
}

/** The runtime holds the thread while it runs, so many rows are run in parts with a turn for others in between. */
const rowsPerRun = 2_048;
/** Reading a file of some megabytes and preparing it takes a second or two. */
const openLimitMs = 60_000;

interface Shared {
  readonly session: OnnxSession;
  readonly d: number;
}

interface Entry {
  holders: number;
  readonly opening: Promise<Shared>;
}

/**
 * Sessions of classifiers by the digest of their file: a model that several names and versions point at is in memory
 * once, and has run before the first request reaches it.
 */
export class OnnxSessions {
  private readonly entries = new Map<string, Entry>();
  private readonly closing = new AbortController();

  constructor(private readonly options: OnnxSessionOptions) {}

  /**
   * @param sha256 digest of the file as its manifest has it, in hexadecimal digits.
   * @param load reads the file; not called when the session is open already.
   * @throws MODEL_CORRUPT when the file has another digest; as `openOnnxSession`; ONNX_UNSUPPORTED for a model that
   * does not take `x` and answer `label` and `probabilities`; whatever `load` throws.
   */
  async open(
    sha256: string,
    load: (signal: AbortSignal) => Promise<Uint8Array>,
    signal: AbortSignal,
  ): Promise<OnnxClassifier> {
    if (signal.aborted) throw stoppedError(signal);
    if (this.closing.signal.aborted) throw closedError();
    let entry = this.entries.get(sha256);
    if (!entry) {
      // Others may wait for the same session, so it does not end with the one who asked first.
      const both = AbortSignal.any([this.closing.signal, AbortSignal.timeout(openLimitMs)]);
      entry = { holders: 0, opening: this.load(sha256, load, both) };
      this.entries.set(sha256, entry);
    }
    entry.holders++;
    try {
      const shared = await unlessStopped(entry.opening, signal);
      return this.classifier(sha256, entry, shared);
    } catch (error) {
      await this.release(sha256, entry, signal.aborted);
      throw error;
    }
  }

  /** Digests of the open sessions. */
  list(): string[] {
    return [...this.entries.keys()];
  }

  /** Closes all sessions once their runs have ended. */
  async close(): Promise<void> {
    this.closing.abort(closedError());
    const entries = [...this.entries.values()];
    this.entries.clear();
    await Promise.all(entries.map(closeWhenOpen));
  }

  private async load(
    sha256: string,
    load: (signal: AbortSignal) => Promise<Uint8Array>,
    signal: AbortSignal,
  ): Promise<Shared> {
    const bytes = await load(signal);
    const digest = createHash('sha256').update(bytes).digest('hex');
    if (digest !== sha256) {
      throw new QuarterdeckError('MODEL_CORRUPT', `the ONNX file has the digest ${digest}, not ${sha256}`);
    }
    const session = await openOnnxSession(bytes, this.options);
    try {
      const d = classifierColumns(session);
      await runRows(session, new Float32Array(d), 1, d, signal);
      return { session, d };
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** One holder less; the last one's going closes the session, in the background while it is still being opened. */
  private async release(sha256: string, entry: Entry, inBackground = false): Promise<void> {
    entry.holders--;
    if (entry.holders > 0) return;
    if (this.entries.get(sha256) === entry) this.entries.delete(sha256);
    const closing = closeWhenOpen(entry);
    if (!inBackground) await closing;
  }

  private classifier(sha256: string, entry: Entry, { session, d }: Shared): OnnxClassifier {
    let given = false;
    return {
      sha256,
      d,
      metadata: session.metadata,
      run: async (rows, n, columns, signal) => {
        if (given) throw new QuarterdeckError('ONNX_CLOSED', 'the ONNX classifier is closed');
        checkRows(rows, n, columns, d);
        return runRows(session, rows, n, d, signal);
      },
      close: async () => {
        if (given) return;
        given = true;
        await this.release(sha256, entry);
      },
    };
  }
}

async function closeWhenOpen({ opening }: Entry): Promise<void> {
  const [outcome] = await Promise.allSettled([opening]);
  if (outcome.status === 'fulfilled') await outcome.value.session.close();
}

/** The promise's outcome, or what the signal stands for when that comes first. */
async function unlessStopped<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  let stop: () => void = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(stoppedError(signal));
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function closedError(): QuarterdeckError {
  return new QuarterdeckError('ONNX_CLOSED', 'the ONNX sessions are closed');
}

async function runRows(
  session: OnnxSession,
  rows: Float32Array,
  n: number,
  d: number,
  signal: AbortSignal,
): Promise<OnnxClassification> {
  const labels = new BigInt64Array(n);
  const probabilities = new Float32Array(2 * n);
  for (let first = 0; first < n; first += rowsPerRun) {
    const count = Math.min(rowsPerRun, n - first);
    const values = rows.subarray(first * d, (first + count) * d);
    const answer = await session.run(
      { [classifierInput]: { type: 'float32', values, shape: [count, d] } },
      signal,
      [classifierLabel, classifierProbabilities],
    );
    const label = answer[classifierLabel]!;
    const probability = answer[classifierProbabilities]!;
    if (label.type !== 'int64' || probability.type !== 'float32' || label.values.length !== count) {
      throw new QuarterdeckError('ONNX_FAILED', 'the ONNX model answers in another shape than it declares');
    }
    labels.set(label.values, first);
    probabilities.set(probability.values, 2 * first);
  }
  return { labels, probabilities };
}

function checkRows(rows: Float32Array, n: number, columns: number, d: number): void {
  if (columns !== d) {
    throw new QuarterdeckError('DATA_WIDTH_MISMATCH', `${columns} columns, the model takes ${d}`);
  }
  if (rows.length !== n * d) {
    throw new QuarterdeckError('DATA_RAGGED', `${rows.length} values are not ${n} × ${d}`);
  }
}

/** Width of the input, when the model is a classifier as it is served here. */
function classifierColumns({ inputs, outputs }: OnnxSession): number {
  const input = inputs[0];
  const columns = input?.shape[1];
  const label = outputs.find(({ name }) => name === classifierLabel);
  const probabilities = outputs.find(({ name }) => name === classifierProbabilities);
  const fits =
    inputs.length === 1 &&
    input?.name === classifierInput &&
    input.type === 'float32' &&
    input.shape.length === 2 &&
    label?.type === 'int64' &&
    label.shape.length === 1 &&
    probabilities?.type === 'float32' &&
    probabilities.shape.length === 2 &&
    probabilities.shape[1] === 2;
  if (!fits || typeof columns !== 'number') {
    throw new QuarterdeckError(
      'ONNX_UNSUPPORTED',
      'the ONNX model does not take x [n, features] and answer label [n] and probabilities [n, 2]',
    );
  }
  return columns;
}
