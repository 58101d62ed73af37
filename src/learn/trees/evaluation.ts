import { QuarterdeckError } from '../../contracts';
import type { Matrix } from '../matrix';
import { averagePrecision, logLoss, rocAuc } from '../score';
import { checkFeatures } from './bins';
import { leafFeature, type TreeEnsemble } from './ensemble';
import type { EvaluationMetric, GradientBoostingOptions } from './options';
import { probabilitiesOf } from './predictMargins';
import { checkOutcome } from './trainingLabels';

/** How a metric on rows that were not fitted went, round by round. */
export interface Evaluation {
  readonly metric: EvaluationMetric;
  /** One value per round that was run. */
  readonly history: readonly number[];
  /** The earliest round with the best value, counted from 0. */
  readonly bestRound: number;
}

export interface Watch {
  /** Takes a tree in; true when early stopping has seen enough. */
  add(tree: TreeEnsemble): boolean;
  result(): Evaluation;
}

interface Rows {
  readonly data: Matrix;
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
}

/** Rows that can travel to a thread. */
export interface CheckedRows extends Rows {
  readonly labels: Uint8Array;
  readonly weights: Float32Array | undefined;
}

/** @throws as a fit does for its own rows; DATA_WIDTH_MISMATCH. */
export function evaluationOf(
  rows: Rows,
  d: number,
  options: Pick<GradientBoostingOptions, 'baseScore' | 'earlyStopping'>,
): Watch {
  checkFeatures(rows.data);
  if (rows.data.d !== d) {
    throw new QuarterdeckError(
      'DATA_WIDTH_MISMATCH',
      `the validation rows have ${rows.data.d} columns, the data ${d}`,
    );
  }
  const { labels, weights } = checkOutcome(rows.data.n, rows.labels, rows.weights);
  const metric = options.earlyStopping?.metric ?? 'logloss';
  const margins = new Float32Array(rows.data.n).fill(Math.log(options.baseScore / (1 - options.baseScore)));
  const history: number[] = [];
  let bestRound = 0;
  return {
    add(tree) {
      addLeaves(tree, rows.data, margins);
      const value = valueOf(metric, margins, labels, weights);
      const best = history[bestRound];
      if (best !== undefined && (metric === 'logloss' ? value < best : value > best))
        bestRound = history.length;
      history.push(value);
      const patience = options.earlyStopping?.rounds ?? Infinity;
      return history.length - 1 - bestRound >= patience;
    },
    result: () => ({ metric, history, bestRound }),
  };
}

function valueOf(
  metric: EvaluationMetric,
  margins: Float32Array,
  labels: Uint8Array,
  weights: Float32Array | undefined,
): number {
  if (metric === 'auc') return rocAuc(margins, labels, weights);
  if (metric === 'aucpr') return averagePrecision(margins, labels, weights);
  return logLoss(probabilitiesOf(margins), labels, weights);
}

/** Plainly: a kernel for every round's tree would cost more than its walk. */
function addLeaves(tree: TreeEnsemble, { values, n, d }: Matrix, margins: Float32Array): void {
  const { feature, threshold, left, right, defaultLeft, leafValue } = tree;
  for (let row = 0; row < n; row++) {
    let node = 0;
    while (feature[node] !== leafFeature) {
      const value = values[row * d + feature[node]!]!;
      const goesLeft = value < threshold[node]! || (value !== value && defaultLeft[node] === 1);
      node = goesLeft ? left[node]! : right[node]!;
    }
    margins[row]! += leafValue[node]!;
  }
}
