import { QuarterdeckError } from '../../contracts';
import { addDecisionTrees } from './decisionTrees';
import { addColumns, addLinear, addSigmoid } from './elementwise';
import type { OnnxGraphBuilder } from './onnxGraphBuilder';

/** `1 / (1 + e^−(slope · x + intercept))` (Platt, 1999). */
export function addPlatt(
  builder: OnnxGraphBuilder,
  tensor: string,
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
): string {
  return addSigmoid(builder, addLinear(builder, tensor, slope, intercept));
}

/**
 * The piecewise linear function through (x, y), constant beyond its ends, of an `n × 1` tensor: what isotonic
 * regression predicts. A search tree over the knots gives each row its piece, so that a thousand knots cost ten
 * comparisons. Where a knot occurs twice the function steps, and the later value holds from there on.
 * @param x at least one knot, in ascending order. @param y as many values.
 * @throws PARAMETER_INVALID
 */
export function addPiecewiseLinear(
  builder: OnnxGraphBuilder,
  tensor: string,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): string {
  checkKnots(x, y);
  const knots = Float32Array.from(x);
  // Piece k runs from knot k − 1 to knot k; the first and the last are constant.
  const pieces = knots.length + 1;
  const values = new Float32Array((2 * pieces - 1) * piecewiseTargets);
  const feature = new Int32Array(2 * pieces - 1).fill(-1);
  const threshold = new Float32Array(2 * pieces - 1);
  const left = new Int32Array(2 * pieces - 1);
  const right = new Int32Array(2 * pieces - 1);
  let nodes = 0;
  const grow = (first: number, last: number): number => {
    const node = nodes++;
    if (first === last) {
      values.set(pieceThrough(knots, y, first), node * piecewiseTargets);
      return node;
    }
    const middle = (first + last) >> 1;
    feature[node] = 0;
    threshold[node] = knots[middle]!;
    left[node] = grow(first, middle);
    right[node] = grow(middle + 1, last);
    return node;
  };
  grow(0, pieces - 1);
  const piece = addDecisionTrees(builder, tensor, {
    treeStarts: [0, nodes],
    feature,
    threshold,
    left,
    right,
    comparison: 'less',
    values,
    targets: piecewiseTargets,
    aggregate: 'sum',
  });
  const offset = builder.node('Sub', [tensor, addColumns(builder, piece, [0])]);
  const rise = builder.node('Mul', [offset, addColumns(builder, piece, [2])]);
  return builder.node('Add', [rise, addColumns(builder, piece, [1])]);
}

/** Start, value at the start, slope. */
const piecewiseTargets = 3;

function pieceThrough(knots: Float32Array, y: ArrayLike<number>, piece: number): number[] {
  const last = knots.length - 1;
  if (piece === 0) return [knots[0]!, y[0]!, 0];
  const start = knots[piece - 1]!;
  if (piece > last) return [start, y[last]!, 0];
  const width = knots[piece]! - start;
  return [start, y[piece - 1]!, width > 0 ? (y[piece]! - y[piece - 1]!) / width : 0];
}

function checkKnots(x: ArrayLike<number>, y: ArrayLike<number>): void {
  const invalid = (why: string): QuarterdeckError =>
    new QuarterdeckError('PARAMETER_INVALID', why, { culprit: { option: 'knots' } });
  if (x.length === 0 || x.length !== y.length) throw invalid(`${x.length} knots with ${y.length} values`);
  for (let knot = 0; knot < x.length; knot++) {
    if (!Number.isFinite(x[knot]!) || !Number.isFinite(y[knot]!)) throw invalid(`knot ${knot} is not finite`);
    if (knot > 0 && x[knot]! < x[knot - 1]!) throw invalid(`knot ${knot} is out of order`);
  }
}
