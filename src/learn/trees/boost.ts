import { seededRandom } from '../../contracts';
import type { Matrix } from '../matrix';
import {
  argumentsOf,
  boostingUnits,
  drawRecord,
  phaseArguments,
  phases,
  recordCount,
  type BoostingWork,
} from './boostingUnits';
import { nodeBytes, recordWords, rowsPerBlock } from './boostingLayout';
import { columnSampler } from './columnSampler';
import { controlCells, follow, requestStop, roundsDone, runPhase, StoppedWork, stopRequested } from './crew';
import { firstTrees, leafFeature, type TreeEnsemble } from './ensemble';
import { ensembleBuilder } from './ensembleBuilder';
import { evaluationOf, type Evaluation } from './evaluation';
import { growTree, type GradientSum, type GrownTree } from './growTree';
import { histogramEngine, type Phase } from './histogramEngine';
import type { GradientBoostingOptions } from './options';
import type { Task } from '../threads';

/** A whole fit as one thread's work. */
export interface BoostInput extends BoostingWork {
  readonly options: GradientBoostingOptions;
  readonly seed: number;
  readonly validation:
    | {
        readonly data: Matrix;
        readonly labels: Uint8Array;
        readonly weights: Float32Array | undefined;
      }
    | undefined;
}

export interface Boosted {
  readonly ensemble: TreeEnsemble;
  readonly evaluation: Evaluation | undefined;
}

export const boostTask: Task<BoostInput, Boosted | undefined> = {
  module: __filename,
  name: 'boostHere',
  call: (input) => boostHere(input),
};
export const followTask: Task<{ work: BoostingWork; thread: number }, void> = {
  module: __filename,
  name: 'followHere',
  call: (input) => followHere(input),
};

export function controlOf({ memory, layout }: Pick<BoostingWork, 'memory' | 'layout'>): Int32Array {
  return new Int32Array(memory.buffer, layout.control, controlCells);
}

/** Helps until the leader is done. */
export function followHere({ work, thread }: { work: BoostingWork; thread: number }): void {
  follow(controlOf(work), boostingUnits(work, thread));
}

/** Leads on a worker thread; undefined when stopped. */
export async function boostHere(input: BoostInput): Promise<Boosted | undefined> {
  const control = controlOf(input);
  const units = boostingUnits(input, 0);
  try {
    return await boost(
      input,
      async (kind, count) => runPhase(control, kind, count, units),
      () => stopRequested(control),
    );
  } catch (error) {
    if (error instanceof StoppedWork) return undefined;
    throw error;
  } finally {
    requestStop(control);
  }
}

/** Bins, then a tree a round. `stopped` is looked at after every tree. */
export async function boost(
  input: BoostInput,
  phase: Phase,
  stopped: () => boolean,
): Promise<Boosted | undefined> {
  const { memory, layout, options, validation } = input;
  const { n, d } = layout;
  const random = seededRandom(input.seed);
  const control = controlOf(input);
  const cells = argumentsOf(input);
  const records = new Int32Array(memory.buffer, layout.records, recordWords * recordCount(layout));
  const blocks = Math.ceil(n / rowsPerBlock);
  // What rounding may leave of a sum, and XGBoost's kRtEps: splits that take less away are noise.
  new Float64Array(memory.buffer, layout.parameters, 5).set([
    options.regLambda,
    options.regAlpha,
    options.minChildWeight,
    Math.max(leastGain, options.gamma),
    roundingShare,
  ]);
  const baseMargin = Math.fround(Math.log(options.baseScore / (1 - options.baseScore)));
  new Float32Array(memory.buffer, layout.margins, n).fill(baseMargin);
  await phase(phases.bin, d);
  if (stopped()) return undefined;
  weighPositives(input);
  const counts = new Int32Array(memory.buffer, layout.cutCounts, d);
  const cuts = Array.from({ length: d }, (_, column) =>
    new Float32Array(memory.buffer, layout.cuts + column * 1024, counts[column]).slice(),
  );
  const builder = ensembleBuilder(d, baseMargin, cuts);
  const watched = validation && evaluationOf(validation, d, options);

  /** Draws the tree's rows into one stretch and adds their derivatives up. */
  const drawRows = async (seed: number): Promise<{ drawn: number; total: GradientSum }> => {
    cells[phaseArguments.seed] = seed;
    cells[phaseArguments.limit] = Math.ceil(options.subsample * 2 ** 32) - 1;
    await phase(phases.draw, blocks);
    let drawn = 0;
    const total = { gradient: 0, hessian: 0 };
    const sums = new Float64Array(memory.buffer, layout.results, 2 * blocks);
    for (let block = 0; block < blocks; block++) {
      records[block * recordWords + drawRecord.to] = drawn;
      drawn += records[block * recordWords + drawRecord.count]!;
      total.gradient += sums[2 * block]!;
      total.hessian += sums[2 * block + 1]!;
    }
    await phase(phases.gather, blocks);
    return { drawn, total };
  };

  for (let round = 0; round < options.rounds; round++) {
    const draws = random.fork(`tree ${round}`);
    const { drawn, total } = await drawRows(draws.integer(2 ** 32));
    const columns = columnSampler(d, options, draws);
    const engine = histogramEngine(input, phase, columns.ofTree, drawn);
    const tree = await growTree(engine, total, options, columns);
    storeTree(input, tree);
    await phase(phases.add, blocks);
    builder.add(tree);
    const enough = watched?.add(builder.lastTree()) ?? false;
    Atomics.store(control, roundsDone, round + 1);
    if (stopped()) return undefined;
    if (enough) break;
  }
  const evaluation = watched?.result();
  const grown = builder.build();
  return {
    ensemble: evaluation && options.earlyStopping ? firstTrees(grown, evaluation.bestRound + 1) : grown,
    evaluation,
  };
}

const leastGain = 1e-6;
const roundingShare = 1e-10;

/** After binning: how many rows there are of a value does not hang on their class. */
function weighPositives({ memory, layout, options }: BoostInput): void {
  const labels = new Uint8Array(memory.buffer, layout.labels, layout.n);
  const weights = new Float32Array(memory.buffer, layout.weights, layout.n);
  for (let row = 0; row < layout.n; row++) if (labels[row] === 1) weights[row]! *= options.scalePosWeight;
}

/** Writes a tree for the kernel's `addTree`. */
function storeTree({ memory, layout }: BoostingWork, tree: GrownTree): void {
  const words = nodeBytes / 4;
  const nodes = new Uint32Array(memory.buffer, layout.nodes, tree.feature.length * words);
  const values = new Float32Array(memory.buffer, layout.nodes, tree.feature.length * words);
  nodes.fill(0);
  tree.feature.forEach((feature, node) => {
    const at = node * words;
    values[at + 5] = tree.value[node]!;
    if (feature === leafFeature) return;
    nodes[at] = layout.codes + feature * layout.n;
    nodes[at + 1] = tree.defaultLeft[node] ? 1 : 0;
    nodes[at + 2] = tree.code[node]! + (tree.defaultLeft[node] ? 1 : 0);
    nodes[at + 3] = layout.nodes + tree.left[node]! * nodeBytes;
    nodes[at + 4] = layout.nodes + tree.right[node]! * nodeBytes;
  });
}
