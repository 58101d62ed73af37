import { codesPerColumn, missingCode, type BinnedMatrix } from '../../../src/learn/trees/bins';
import type { GradientSum, OpenNode, Split, SplitEngine } from '../../../src/learn/trees/growTree';
import type { GradientBoostingOptions } from '../../../src/learn/trees/options';
import { bestValue, gainOf } from '../../../src/learn/trees/splitGain';

/** Splits that take less away are noise of rounding (XGBoost's kRtEps). */
const leastGain = 1e-6;
/** Share of a node's hessian below which what is left of a sum is rounding. */
const roundingShare = 1e-10;

/** Histograms and partitions without any haste. */
export function plainEngine(
  bins: BinnedMatrix,
  rows: Int32Array,
  gradients: Float32Array,
  hessians: Float32Array,
  options: GradientBoostingOptions,
): SplitEngine {
  const { n, codes, cuts } = bins;
  const rowsOf = new Map<number, Int32Array>([[0, rows]]);
  const sums = new Float64Array(2 * codesPerColumn);

  const bestOf = (node: OpenNode, column: number, best: Split | undefined): Split | undefined => {
    sums.fill(0);
    for (const row of rowsOf.get(node.id)!) {
      const code = codes[column * n + row]!;
      sums[2 * code]! += gradients[row]!;
      sums[2 * code + 1]! += hessians[row]!;
    }
    const missing = { gradient: sums[2 * missingCode]!, hessian: sums[2 * missingCode + 1]! };
    const hasMissing = missing.hessian > roundingShare * node.sum.hessian;
    let found = best;
    for (const missingLeft of hasMissing ? [false, true] : [false]) {
      let gradient = missingLeft ? missing.gradient : 0;
      let hessian = missingLeft ? missing.hessian : 0;
      for (let code = missingLeft ? -1 : 0; code < cuts[column]!.length; code++) {
        if (code >= 0) {
          gradient += sums[2 * code]!;
          hessian += sums[2 * code + 1]!;
        }
        const left = { gradient, hessian };
        const right = { gradient: node.sum.gradient - gradient, hessian: node.sum.hessian - hessian };
        const gain = gainOfSplit(node, column, left, right);
        if (gain > Math.max(leastGain, options.gamma) && gain > (found?.gain ?? 0)) {
          const defaultLeft = hasMissing ? missingLeft : left.hessian > right.hessian;
          found = { feature: column, code, defaultLeft, gain, left, right };
        }
      }
    }
    return found;
  };

  const gainOfSplit = (node: OpenNode, column: number, left: GradientSum, right: GradientSum): number => {
    const least = Math.max(options.minChildWeight, roundingShare * node.sum.hessian);
    if (left.hessian < least || right.hessian < least) return 0;
    const leftValue = bestValue(left.gradient, left.hessian, options, node.bounds);
    const rightValue = bestValue(right.gradient, right.hessian, options, node.bounds);
    if ((options.monotone[column] ?? 0) * (rightValue - leftValue) < 0) return 0;
    const own = bestValue(node.sum.gradient, node.sum.hessian, options, node.bounds);
    return (
      gainOf(left.gradient, left.hessian, leftValue, options) +
      gainOf(right.gradient, right.hessian, rightValue, options) -
      gainOf(node.sum.gradient, node.sum.hessian, own, options)
    );
  };

  return {
    findSplits: (nodes, columnsOf) =>
      Promise.resolve(
        nodes.map((node) => {
          let best: Split | undefined;
          for (const column of columnsOf(node)) best = bestOf(node, column, best);
          return best;
        }),
      ),
    divide(divisions) {
      for (const { node, split, left, right } of divisions) {
        const goesLeft = (row: number): boolean => {
          const own = codes[split.feature * n + row]!;
          return own === missingCode ? split.defaultLeft : own <= split.code;
        };
        const all = rowsOf.get(node.id)!;
        rowsOf.set(left, all.filter(goesLeft));
        rowsOf.set(
          right,
          all.filter((row) => !goesLeft(row)),
        );
      }
      return Promise.resolve();
    },
  };
}
