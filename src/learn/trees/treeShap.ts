import type { Matrix } from '../matrix';
import { breathe, checkAborted, type RunControl } from '../run';
import type { TreeEnsemble } from './ensemble';
import { leafPaths, type LeafPaths } from './leafPaths';
import { checkQueries } from './predictMargins';

/** Rows between two looks at the signal. */
const rowsPerBreath = 64;

/**
 * Exact Shapley values of every column for every row, path dependent (TreeSHAP: Lundberg, Erion and Lee 2018),
 * in margin units. A row enters a leaf's part of the game only through which of the path's elements it follows,
 * a set of bits; the game of one leaf is a product, so its Shapley values come from the coefficients of
 * Π (zᵢ + oᵢ t), z being an element's share of the training rows and o whether the row follows it.
 *
 * @returns n × (d + 1): one column per feature, the last one the bias; a row adds up to its margin.
 * @throws as `checkQueries`; ABORTED.
 */
export async function treeContributions(
  ensemble: TreeEnsemble,
  data: Matrix,
  run?: RunControl,
): Promise<Matrix> {
  checkQueries(ensemble, data);
  checkAborted(run);
  const paths = leafPaths(ensemble);
  const { n, d } = data;
  const width = d + 1;
  const contributions = new Float32Array(n * width);
  const row = new Float64Array(width);
  const leaf = leafGame(paths);
  for (let index = 0; index < n; index++) {
    row.fill(0);
    row[d] = paths.expectedMargin;
    for (let which = 0; which < paths.leafValue.length; which++) leaf.add(which, data.values, index * d, row);
    contributions.set(row, index * width);
    if ((index + 1) % rowsPerBreath === 0) {
      run?.onProgress?.({ stage: 'contributions', done: index + 1, total: n });
      await breathe(run);
    }
  }
  return { values: contributions, n, d: width };
}

interface LeafGame {
  /** Adds the Shapley values of one leaf for the row that starts at `start`. */
  add(leaf: number, values: Float32Array, start: number, to: Float64Array): void;
}

function leafGame(paths: LeafPaths): LeafGame {
  const { elementOffsets, feature, lower, upper, missingFollows, zeroFraction, leafValue } = paths;
  const longest = paths.elementOffsets.reduce(
    (most, offset, leaf) => Math.max(most, offset - (elementOffsets[leaf - 1] ?? 0)),
    0,
  );
  const coefficients = new Float64Array(longest + 1);
  const follows = new Uint8Array(longest);
  const weights = shapleyWeights(longest);
  return {
    add(leaf, values, start, to) {
      const from = elementOffsets[leaf]!;
      const length = elementOffsets[leaf + 1]! - from;
      if (length === 0) return;
      const weight = weights[length]!;
      coefficients.fill(0, 0, length + 1);
      coefficients[0] = 1;
      for (let index = 0; index < length; index++) {
        const element = from + index;
        const value = values[start + feature[element]!]!;
        const followed =
          value !== value
            ? missingFollows[element]!
            : value >= lower[element]! && value < upper[element]!
              ? 1
              : 0;
        follows[index] = followed;
        const z = zeroFraction[element]!;
        for (let power = index + 1; power > 0; power--) {
          coefficients[power] = coefficients[power]! * z + followed * coefficients[power - 1]!;
        }
        coefficients[0] *= z;
      }
      let absent = 0;
      for (let power = 0; power < length; power++) absent += coefficients[power]! * weight[power]!;
      for (let index = 0; index < length; index++) {
        const element = from + index;
        let share = -absent;
        if (follows[index] === 1) {
          // The product without this element: divided by (z + t) from its highest power down.
          const z = zeroFraction[element]!;
          let quotient = coefficients[length]!;
          let sum = quotient * weight[length - 1]!;
          for (let power = length - 1; power > 0; power--) {
            quotient = coefficients[power]! - z * quotient;
            sum += quotient * weight[power - 1]!;
          }
          share = (1 - z) * sum;
        }
        to[feature[element]!]! += share * leafValue[leaf]!;
      }
    },
  };
}

/** `weights[m][k]` = k! (m − 1 − k)! / m!: the weight of a set of k others among m players. */
function shapleyWeights(longest: number): Float64Array[] {
  return Array.from({ length: longest + 1 }, (_, players) => {
    const weights = new Float64Array(players);
    if (players > 0) weights[0] = 1 / players;
    for (let others = 1; others < players; others++) {
      weights[others] = (weights[others - 1]! * others) / (players - others);
    }
    return weights;
  });
}
