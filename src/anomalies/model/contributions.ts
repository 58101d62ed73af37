import type { Contribution } from '../../contracts';
import { rowOf, type Matrix } from '../../learn/matrix';
import { checkAborted, type RunControl } from '../../learn/run';
import type { AnomalyModelParts } from './anomalyModel';
import { softplus } from './blend';

type Explained = Pick<AnomalyModelParts, 'features' | 'stack' | 'blend' | 'trees'>;

/** See `AnomalyModel.contributions`. */
export async function contributionsOf(
  { features, stack, blend, trees }: Explained,
  rows: Matrix,
  limit: number,
  run?: RunControl,
): Promise<Contribution[][]> {
  const scores = stack.score(rows);
  const boosted = trees && blend.treesWeight > 0 ? await trees.fitted.contributions(rows, run) : undefined;
  const d = features.length;
  const answers: Contribution[][] = [];
  for (let row = 0; row < rows.n; row++) {
    checkAborted(run);
    const moved = new Float64Array(d);
    if (boosted) {
      const from = row * boosted.d;
      const bias = boosted.values[from + d]!;
      let margin = bias;
      for (let column = 0; column < d; column++) margin += boosted.values[from + column]!;
      // What softplus leaves of the way from the bias to the margin, shared as the way itself is.
      const kept = margin === bias ? 0 : (softplus(margin) - softplus(bias)) / (margin - bias);
      for (let column = 0; column < d; column++) {
        moved[column] = blend.treesWeight * kept * boosted.values[from + column]!;
      }
    }
    const shares = stack.shares(rowOf(rows, row));
    stack.names.forEach((_, index) => {
      const part = blend.slope * blend.scoreWeights[index]! * scores.values[row * scores.d + index]!;
      shares[index]!.forEach((share, column) => (moved[column]! += part * share));
    });
    answers.push(
      Array.from(moved, (contribution, column) => ({ contribution, column }))
        .filter(({ contribution }) => contribution !== 0)
        .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || a.column - b.column)
        .slice(0, limit)
        .map(({ contribution, column }): Contribution => {
          const value = rows.values[row * d + column]!;
          return { feature: features[column]!, value: Number.isNaN(value) ? null : value, contribution };
        }),
    );
  }
  return answers;
}
