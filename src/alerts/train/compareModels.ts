import { seededRandom } from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { drawRowNumbers, pickRows } from '../cluster/drawRows';
import { intervalOfMean, scoreClusters } from '../cluster/scoreClusters';

export interface HeldOutQuality {
  /** Mean silhouette; a row left as noise counts as 0, and so does every row with fewer than two clusters. */
  readonly score: number;
  readonly noiseShare: number;
  /** Clusters that got rows. */
  readonly clusters: number;
}

export interface ModelComparison {
  readonly rows: number;
  readonly candidate: HeldOutQuality;
  readonly current: HeldOutQuality;
  /** Difference of the scores, candidate less current, with its paired bootstrap interval. */
  readonly improvement: { readonly estimate: number; readonly lower: number; readonly upper: number };
  /** The difference as a share of the current score's size. */
  readonly relativeImprovement: number;
  /** Groups of rows that the bootstrap drew whole. */
  readonly groups: number;
}

export interface ComparisonOptions {
  readonly seed: number;
  /** Group of each row; rows of a group are drawn together. */
  readonly groups: Int32Array;
  readonly resamples?: number;
  readonly confidence?: number;
}

/** Silhouettes are quadratic in rows. */
const mostRows = 4_000;
const defaultResamples = 1_000;
const defaultConfidence = 0.95;
/** With fewer groups than this their bootstrap says little: rows are drawn one by one. */
const fewestGroups = 20;

/**
 * Both models on the same rows that neither was fitted on. Distances are taken in a space that belongs to neither: the
 * features, standardised by these rows themselves. The interval is the paired one: each row's two silhouettes are
 * drawn together, and rows of a group (an hour of alerts) too, because neighbours resemble each other.
 * @param rows held-out rows of features, n × d, before any scaling
 * @param candidate cluster of each row by the new model, −1 for none; `current` by the other
 */
export async function compareModels(
  rows: Matrix,
  candidate: Int32Array,
  current: Int32Array,
  options: ComparisonOptions,
  control: RunControl = {},
): Promise<ModelComparison> {
  const random = seededRandom(options.seed).fork('comparison');
  const drawn = drawRowNumbers(rows.n, mostRows, random.fork('rows'));
  const shared = pickRows(rows, drawn);
  const space = standardise(shared);
  const ours = await judge(space, pick(candidate, drawn), control);
  const theirs = await judge(space, pick(current, drawn), control);
  const gain = ours.ofRow.map((value, row) => value - theirs.ofRow[row]!);
  const groups = pick(options.groups, drawn);
  const found = new Set(groups).size;
  const { estimate, lower, upper } = intervalOfMean(gain, random.fork('bootstrap'), {
    resamples: options.resamples ?? defaultResamples,
    confidence: options.confidence ?? defaultConfidence,
    ...(found >= fewestGroups && { groups }),
  });
  return {
    rows: shared.n,
    candidate: ours.quality,
    current: theirs.quality,
    improvement: { estimate, lower, upper },
    relativeImprovement: share(estimate, theirs.quality.score),
    groups: found >= fewestGroups ? found : shared.n,
  };
}

const pick = (values: Int32Array, rows: Int32Array): Int32Array => rows.map((row) => values[row]!);

/** Against a current score of 0 any gain is without bounds, and a loss too. */
function share(difference: number, of: number): number {
  if (of !== 0) return difference / Math.abs(of);
  return difference === 0 ? 0 : Math.sign(difference) * Number.MAX_VALUE;
}

async function judge(
  space: Matrix,
  labels: Int32Array,
  control: RunControl,
): Promise<{ ofRow: Float64Array; quality: HeldOutQuality }> {
  const found = new Set(labels);
  const noise = labels.filter((label) => label < 0).length;
  found.delete(-1);
  // Every row takes part: no random draw is left to make.
  const score = await scoreClusters(space, labels, seededRandom(0), control);
  return {
    ofRow: score?.ofRow ?? new Float64Array(space.n),
    quality: { score: score?.mean ?? 0, noiseShare: noise / space.n, clusters: found.size },
  };
}

function standardise({ values, n, d }: Matrix): Matrix {
  const scaled = new Float32Array(values.length);
  for (let column = 0; column < d; column++) {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += values[row * d + column]!;
    const mean = sum / n;
    let squares = 0;
    for (let row = 0; row < n; row++) squares += (values[row * d + column]! - mean) ** 2;
    const deviation = Math.sqrt(squares / n) || 1;
    for (let row = 0; row < n; row++) {
      scaled[row * d + column] = (values[row * d + column]! - mean) / deviation;
    }
  }
  return { values: scaled, n, d };
}
