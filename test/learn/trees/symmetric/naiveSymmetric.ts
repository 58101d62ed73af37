/**
 * Boosting of symmetric trees as the paper describes it, without histograms, kernels or running sums: every number
 * is added up from the rows anew.
 */
export interface NaiveOptions {
  readonly depth: number;
  readonly rounds: number;
  readonly learningRate: number;
  readonly regularization: number;
}

export interface NaiveSplit {
  readonly column: number;
  readonly threshold: number;
}

/** Rows that a model is fitted on, and rows up to `tail` that it answers for. */
export interface NaiveBody {
  readonly body: number;
  readonly tail: number;
}

export interface NaiveTree {
  readonly splits: readonly NaiveSplit[];
  readonly values: readonly number[];
}

const sigmoid = (margin: number): number => 1 / (1 + Math.exp(-margin));

/**
 * @param order rows of the one order that structures are learned from. @param bodies models within that order.
 */
export function naiveSymmetricBoosting(
  rows: readonly (readonly number[])[],
  labels: readonly number[],
  thresholds: readonly (readonly number[])[],
  order: readonly number[],
  bodies: readonly NaiveBody[],
  { depth, rounds, learningRate, regularization }: NaiveOptions,
): NaiveTree[] {
  const margins = bodies.map(({ tail }) => Array.from({ length: tail }, () => 0));
  const finalMargins = rows.map(() => 0);
  const residual = (row: number, margin: number): number => labels[row]! - sigmoid(margin);
  const leafOf = (row: number, splits: readonly NaiveSplit[]): number =>
    splits.reduce(
      (leaf, { column, threshold }, level) => leaf + (rows[row]![column]! >= threshold ? 2 ** level : 0),
      0,
    );
  const positions = (from: number, to: number): number[] =>
    Array.from({ length: to - from }, (_, index) => from + index);

  const score = (splits: readonly NaiveSplit[]): number => {
    let numerator = 0;
    let denominator = 0;
    bodies.forEach(({ body, tail }, index) => {
      const leaves = order.slice(0, tail).map((row) => leafOf(row, splits));
      const judged = body === tail ? positions(0, tail) : positions(body, tail);
      for (const position of judged) {
        const peers = positions(0, body).filter((other) => leaves[other] === leaves[position]);
        const sum = peers.reduce(
          (total, other) => total + residual(order[other]!, margins[index]![other]!),
          0,
        );
        const value = peers.length > 0 ? sum / (peers.length + regularization) : 0;
        numerator += value * residual(order[position]!, margins[index]![position]!);
        denominator += value * value;
      }
    });
    return denominator > 0 ? numerator / Math.sqrt(denominator) : -Infinity;
  };

  const newton = (peers: readonly { row: number; margin: number }[]): number => {
    let first = 0;
    let second = 0;
    for (const { row, margin } of peers) {
      first += residual(row, margin);
      second += sigmoid(margin) * (1 - sigmoid(margin));
    }
    return (learningRate * first) / (second + regularization);
  };

  return Array.from({ length: rounds }, () => {
    const splits: NaiveSplit[] = [];
    for (let level = 0; level < depth; level++) {
      let best: { split: NaiveSplit; score: number } | undefined;
      thresholds.forEach((ofColumn, column) => {
        for (const threshold of ofColumn) {
          if (splits.some((split) => split.column === column && split.threshold === threshold)) continue;
          const split = { column, threshold };
          const found = score([...splits, split]);
          if (found > (best?.score ?? 0) + 1e-9) best = { split, score: found };
        }
      });
      if (!best) break;
      splits.push(best.split);
    }
    bodies.forEach(({ body, tail }, index) => {
      const before = [...margins[index]!];
      const leaves = order.slice(0, tail).map((row) => leafOf(row, splits));
      for (const position of positions(0, tail)) {
        const known = positions(0, Math.max(body, position));
        const peers = known.filter((other) => leaves[other] === leaves[position]);
        margins[index]![position]! += newton(
          peers.map((other) => ({ row: order[other]!, margin: before[other]! })),
        );
      }
    });
    const values = Array.from({ length: 2 ** splits.length }, (_, leaf) =>
      newton(
        rows.flatMap((_, row) => (leafOf(row, splits) === leaf ? [{ row, margin: finalMargins[row]! }] : [])),
      ),
    );
    rows.forEach((_, row) => (finalMargins[row]! += values[leafOf(row, splits)]!));
    return { splits, values };
  });
}
