import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix, type Matrix } from '../../../src/learn/matrix';
import { fitGradientBoosting, treeContributions, type TreeEnsemble } from '../../../src/learn/trees';
import { leafPaths } from '../../../src/learn/trees/leafPaths';
import { createThreadPool } from '../../../src/learn/threads';
import { plantedRows } from './plantedRows';

describe('TreeSHAP', () => {
  test('a row adds up to its margin', async () => {
    const { data, labels } = plantedRows(600, 7, 3);
    const model = await fitGradientBoosting(data, labels, { rounds: 30 }, seededRandom(1));
    const contributions = await model.contributions(data);
    const margins = model.predictMargins(data);
    for (let row = 0; row < data.n; row++) {
      let sum = 0;
      for (let column = 0; column <= data.d; column++)
        sum += contributions.values[row * (data.d + 1) + column]!;
      expect(sum).toBeCloseTo(margins[row]!, 4);
    }
  });

  test('contributions are the Shapley values of the game over all subsets of columns', async () => {
    const { data, labels } = plantedRows(400, 5, 4);
    const options = { rounds: 6, maxDepth: 7, minChildWeight: 0.1 };
    const { ensemble } = await fitGradientBoosting(data, labels, options, seededRandom(2));
    const queries = firstRows(data, 25);
    const { values } = await treeContributions(ensemble, queries);
    for (let row = 0; row < queries.n; row++) {
      const expected = shapleyValues(ensemble, queries.values.subarray(row * 5, row * 5 + 5));
      for (let column = 0; column <= 5; column++) {
        expect(values[row * 6 + column]).toBeCloseTo(expected[column]!, 5);
      }
    }
  });

  test('so are those of paths that ask about too many columns for a table of sets', async () => {
    const d = 10;
    const { data, labels } = plantedRows(2000, d, 6);
    const options = { rounds: 2, maxDepth: 14, minChildWeight: 0.01, columnsByTree: 1 };
    const { ensemble } = await fitGradientBoosting(data, labels, options, seededRandom(2));
    const { elementOffsets } = leafPaths(ensemble);
    const lengths = elementOffsets.subarray(1).map((end, leaf) => end - elementOffsets[leaf]!);
    expect(Math.max(...lengths)).toBeGreaterThan(8);
    const queries = firstRows(data, 6);
    const { values } = await treeContributions(ensemble, queries);
    for (let row = 0; row < queries.n; row++) {
      const expected = shapleyValues(ensemble, queries.values.subarray(row * d, (row + 1) * d));
      for (let column = 0; column <= d; column++) {
        expect(values[row * (d + 1) + column]).toBeCloseTo(expected[column]!, 5);
      }
    }
  });

  test('a chain of splits as long as a hostile file likes is refused, not worked on', async () => {
    const d = 5000;
    const nodes = Array.from({ length: 2 * d + 1 }, (_, node) => node);
    const inner = (node: number): boolean => node % 2 === 0 && node < 2 * d;
    const chain: TreeEnsemble = {
      d,
      baseMargin: 0,
      treeOffsets: Int32Array.of(0, nodes.length),
      feature: Int32Array.from(nodes, (node) => (inner(node) ? node / 2 : -1)),
      threshold: new Float32Array(nodes.length),
      left: Int32Array.from(nodes, (node) => (inner(node) ? node + 1 : -1)),
      right: Int32Array.from(nodes, (node) => (inner(node) ? node + 2 : -1)),
      defaultLeft: new Uint8Array(nodes.length),
      leafValue: new Float32Array(nodes.length).fill(1),
      cover: Float32Array.from(nodes, (node) => nodes.length - node),
      gain: new Float32Array(nodes.length),
    };
    const row = matrix(new Float32Array(d), 1, d);
    await expect(treeContributions(chain, row)).rejects.toEqual(
      expect.objectContaining({ code: 'INPUT_TOO_LARGE' }),
    );
  });

  test('threads give the same contributions', async () => {
    const { data, labels } = plantedRows(2500, 6, 7);
    const { ensemble } = await fitGradientBoosting(data, labels, { rounds: 5 }, seededRandom(2));
    const threads = createThreadPool(2);
    try {
      const together = await treeContributions(ensemble, data, { threads });
      expect(together.values).toEqual((await treeContributions(ensemble, data)).values);
    } finally {
      await threads.close();
    }
  });

  test('a stop is obeyed between blocks of rows', async () => {
    const { data, labels } = plantedRows(2500, 6, 7);
    const { ensemble } = await fitGradientBoosting(data, labels, { rounds: 2 }, seededRandom(2));
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(
      treeContributions(ensemble, data, { signal: controller.signal, onProgress }),
    ).rejects.toEqual(expect.objectContaining({ code: 'ABORTED' }));
  });
});

function firstRows({ values, d }: Matrix, n: number): Matrix {
  return matrix(values.slice(0, n * d), n, d);
}

/** Every subset of columns, one after the other; the bias is the game of no column. */
function shapleyValues(ensemble: TreeEnsemble, row: Float32Array): number[] {
  const d = row.length;
  const worth = Array.from({ length: 2 ** d }, (_, known) => expectedMargin(ensemble, row, known));
  const factorial = (k: number): number => (k <= 1 ? 1 : k * factorial(k - 1));
  const values = Array.from({ length: d }, (_, column) => {
    let value = 0;
    for (let others = 0; others < 2 ** d; others++) {
      if (others & (1 << column)) continue;
      const size = others.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(d - size - 1)) / factorial(d);
      value += weight * (worth[others | (1 << column)]! - worth[others]!);
    }
    return value;
  });
  return [...values, worth[0]!];
}

/** The margin when only the columns in `known` are: other splits are followed both ways by their cover. */
function expectedMargin(ensemble: TreeEnsemble, row: Float32Array, known: number): number {
  const { feature, threshold, left, right, defaultLeft, cover, leafValue } = ensemble;
  const descend = (node: number): number => {
    const column = feature[node]!;
    if (column < 0) return leafValue[node]!;
    if (known & (1 << column)) {
      const value = row[column]!;
      const goesLeft = Number.isNaN(value) ? defaultLeft[node] === 1 : value < threshold[node]!;
      return descend(goesLeft ? left[node]! : right[node]!);
    }
    const share = (child: number): number => (cover[child]! / cover[node]!) * descend(child);
    return share(left[node]!) + share(right[node]!);
  };
  return ensemble.treeOffsets.slice(0, -1).reduce((sum, root) => sum + descend(root), ensemble.baseMargin);
}
