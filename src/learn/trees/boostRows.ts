import type { Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import { boost, boostTask, controlOf, followTask, type Boosted, type BoostInput } from './boost';
import { allocateBoosting } from './boostingKernel';
import { histogramBytes, layoutBoosting, type BoostingLayout } from './boostingLayout';
import { boostingUnits } from './boostingUnits';
import { requestStop, roundsDone } from './crew';
import type { CheckedRows } from './evaluation';
import type { GradientBoostingOptions } from './options';
import type { Outcome } from './trainingLabels';

export interface BoostRequest {
  readonly data: Matrix;
  readonly outcome: Outcome;
  readonly options: GradientBoostingOptions;
  readonly validation: CheckedRows | undefined;
  readonly seed: number;
}

/** Histograms that are kept from level to level; with fewer, more are added up from their rows. */
const mostHistogramBytes = 256 * 2 ** 20;
/** Nodes whose splits are searched in one phase. */
const nodesAtOnce = 64;
const reportEveryMs = 100;
/** Units of work between two turns of the event loop when everything runs on the calling thread. */
const rowVisitsPerTurn = 4_000_000;

/** Grows the trees on the pool's threads, or here when there is no pool; the bytes are the same. */
export async function boostRows(request: BoostRequest, run: RunControl | undefined): Promise<Boosted> {
  const { data, options, outcome } = request;
  const threads = run?.threads;
  const layout = layoutOf(request, threads?.size ?? 1);
  const memory = allocateBoosting(layout);
  const { n } = data;
  new Uint8Array(memory.buffer, layout.labels, n).set(outcome.labels);
  const weights = new Float32Array(memory.buffer, layout.weights, n);
  if (outcome.weights) weights.set(outcome.weights);
  else weights.fill(1);
  const weighted = outcome.weights !== undefined;
  const input: BoostInput = {
    memory,
    layout,
    data: threads ? shared(data) : data,
    weighted,
    intervals: options.maxBins - 1,
    monotone: options.monotone,
    options,
    seed: request.seed,
    validation: request.validation,
  };
  const boosted = threads ? await boostOnThreads(input, run) : await boostInTurns(input, run);
  checkAborted(run);
  return boosted!;
}

function layoutOf({ data: { n, d }, options, outcome }: BoostRequest, threads: number): BoostingLayout {
  const slotColumns = Math.max(1, Math.floor(options.columnsByTree * d));
  const leaves = Math.min(n, 2 ** options.maxDepth, options.maxLeaves === 0 ? Infinity : options.maxLeaves);
  const slots = Math.min(
    // The deepest nodes of a tree grown level by level are never searched.
    options.growth === 'depth' ? Math.ceil(leaves / 2) : leaves,
    Math.max(1, Math.floor(mostHistogramBytes / (slotColumns * histogramBytes))),
  );
  return layoutBoosting({
    n,
    d,
    threads,
    weighted: outcome.weights !== undefined,
    slots,
    slotColumns,
    nodesAtOnce,
    nodesOfTree: 2 * leaves,
  });
}

function shared({ values, n, d }: Matrix): Matrix {
  if (values.buffer instanceof SharedArrayBuffer) return { values, n, d };
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return { values: copy, n, d };
}

async function boostOnThreads(input: BoostInput, run: RunControl): Promise<Boosted | undefined> {
  const pool = run.threads!;
  const control = controlOf(input);
  const total = input.options.rounds;
  const watch = (): void =>
    run.onProgress?.({ stage: 'rounds', done: Atomics.load(control, roundsDone), total });
  const stop = (): void => requestStop(control);
  run.signal?.addEventListener('abort', stop, { once: true });
  const timer = setInterval(watch, reportEveryMs);
  try {
    watch();
    if (run.signal?.aborted) stop();
    const { memory, layout, data, weighted, intervals, monotone } = input;
    const work = { memory, layout, data, weighted, intervals, monotone };
    const leader = pool.run(boostTask, input);
    const followers = Array.from({ length: pool.size - 1 }, (_, index) =>
      pool.run(followTask, { work, thread: index + 1 }),
    );
    // A follower that fails may hold a unit that would never be done.
    for (const follower of followers) follower.catch(stop);
    const [boosted] = await Promise.all([leader, ...followers]);
    return boosted;
  } finally {
    // Followers must end also when the leader never came to start.
    stop();
    clearInterval(timer);
    run.signal?.removeEventListener('abort', stop);
    watch();
  }
}

async function boostInTurns(input: BoostInput, run: RunControl | undefined): Promise<Boosted | undefined> {
  const units = boostingUnits(input, 0);
  const control = controlOf(input);
  let reported = 0;
  const report = (): void => {
    reported = Atomics.load(control, roundsDone);
    run?.onProgress?.({ stage: 'rounds', done: reported, total: input.options.rounds });
  };
  let visits = 0;
  report();
  const boosted = await boost(
    input,
    async (kind, count) => {
      for (let unit = 0; unit < count; unit++) {
        units(kind, unit);
        visits += input.layout.n;
        if (visits < rowVisitsPerTurn) continue;
        visits = 0;
        await breathe(run);
      }
      if (Atomics.load(control, roundsDone) > reported) report();
    },
    () => run?.signal?.aborted ?? false,
  );
  report();
  return boosted;
}
