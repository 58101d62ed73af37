import { describe, expect, test } from '@jest/globals';
import { seededRandom, type Random } from '../../../src/contracts';
import {
  fitGradientBoosting,
  predictMargins,
  quantileBins,
  type TreeEnsemble,
} from '../../../src/learn/trees';
import { columnSampler } from '../../../src/learn/trees/columnSampler';
import { ensembleBuilder } from '../../../src/learn/trees/ensembleBuilder';
import { growTree } from '../../../src/learn/trees/growTree';
import { completeOptions, type GradientBoostingOptions } from '../../../src/learn/trees/options';
import { createThreadPool } from '../../../src/learn/threads';
import { plainEngine } from './plainEngine';
import { plantedRows, type PlantedRows } from './plantedRows';
import { sampleRows } from './sampleRows';

/** The same boosting over plain loops: no kernel, no sibling taken from its parent, no blocks, no threads. */
async function boostPlainly(
  { data, labels }: PlantedRows,
  given: Partial<GradientBoostingOptions>,
  random: Random,
  weights?: ArrayLike<number>,
): Promise<TreeEnsemble> {
  const { n, d } = data;
  const options = completeOptions(given, d);
  const bins = quantileBins(data, { maxBins: options.maxBins, ...(weights && { weights }) });
  const baseMargin = Math.fround(Math.log(options.baseScore / (1 - options.baseScore)));
  const builder = ensembleBuilder(d, baseMargin, bins.cuts);
  const margins = new Float32Array(n).fill(baseMargin);
  const gradients = new Float32Array(n);
  const hessians = new Float32Array(n);
  const stream = seededRandom(random.fork('gradient boosting').integer(2 ** 32));
  for (let round = 0; round < options.rounds; round++) {
    const draws = stream.fork(`tree ${round}`);
    const rows = sampleRows(n, options.subsample, draws.integer(2 ** 32));
    const total = { gradient: 0, hessian: 0 };
    for (let row = 0; row < n; row++) {
      const weight = (weights?.[row] ?? 1) * (labels[row] === 1 ? options.scalePosWeight : 1);
      const probability = 1 / (1 + Math.exp(-margins[row]!));
      gradients[row] = (probability - labels[row]!) * weight;
      hessians[row] = probability * (1 - probability) * weight;
    }
    for (const row of rows) {
      total.gradient += gradients[row]!;
      total.hessian += hessians[row]!;
    }
    const engine = plainEngine(bins, rows, gradients, hessians, options);
    builder.add(await growTree(engine, total, options, columnSampler(d, options, draws)));
    const steps = predictMargins(builder.lastTree(), data);
    for (let row = 0; row < n; row++) margins[row]! += steps[row]!;
  }
  return builder.build();
}

const weightOf = (row: number): number => [0, 0.5, 1, 3][row % 4]!;

describe('the kernel grows the trees that plain loops grow', () => {
  test.each<[string, number, Partial<GradientBoostingOptions>, boolean]>([
    ['with as many bins as there can be', 3000, { maxBins: 256, rounds: 2 }, false],
    ['on every row and column', 900, { subsample: 1, columnsByTree: 1 }, false],
    ['with weights, some of them nothing', 3000, {}, true],
    ['over more than one block of rows', 20_000, { rounds: 2 }, false],
    ['by loss, with few leaves', 3000, { growth: 'loss', maxLeaves: 17, maxDepth: 12 }, false],
    ['by level, with few leaves', 3000, { maxLeaves: 11 }, false],
    ['deeper than one phase holds nodes', 3000, { maxDepth: 12, minChildWeight: 0.01, rounds: 3 }, false],
    ['with columns drawn by level and node', 3000, { columnsByLevel: 0.7, columnsByNode: 0.6 }, false],
    ['with all that regularizes', 3000, { regAlpha: 2, regLambda: 3, gamma: 0.5, scalePosWeight: 4 }, false],
    ['kept monotone', 3000, { monotone: [1, -1, 1, 0, 0, 0, 1] }, false],
    ['with few bins and another start', 3000, { maxBins: 9, baseScore: 0.2, learningRate: 0.4 }, false],
  ])('%s', async (_, n, given, weighted) => {
    const rows = plantedRows(n, 7, n);
    const options = { rounds: 3, maxBins: 60, ...given };
    const weights = weighted ? Float64Array.from({ length: n }, (__, row) => weightOf(row)) : undefined;
    const plain = await boostPlainly(rows, options, seededRandom(5), weights);
    const fit = { ...options, ...(weights && { weights }) };
    const { ensemble } = await fitGradientBoosting(rows.data, rows.labels, fit, seededRandom(5));
    expect(ensemble.treeOffsets).toEqual(plain.treeOffsets);
    expect(ensemble.feature).toEqual(plain.feature);
    expect(ensemble.threshold).toEqual(plain.threshold);
    const [ours, theirs] = [predictMargins(ensemble, rows.data), predictMargins(plain, rows.data)];
    ours.forEach((margin, row) => expect(Math.abs(margin - theirs[row]!)).toBeLessThan(1e-5));
  });

  test('with more threads than there is work for, and the same bytes', async () => {
    const { data, labels } = plantedRows(20_000, 7, 9);
    const alone = await fitGradientBoosting(data, labels, { rounds: 5 }, seededRandom(3));
    const threads = createThreadPool(4);
    try {
      const together = await fitGradientBoosting(data, labels, { rounds: 5 }, seededRandom(3), { threads });
      expect(Buffer.from(together.toBytes()).equals(Buffer.from(alone.toBytes()))).toBe(true);
    } finally {
      await threads.close();
    }
  });
});
