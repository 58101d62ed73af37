import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { adjustedRandIndex } from '../../../src/learn/score';
import { matrixFromRows } from '../../../src/learn/matrix';
import { assignToNearest } from '../../../src/incidents/cluster/assignToNearest';
import { clusterEmbeddings } from '../../../src/incidents/cluster/clusterEmbeddings';
import { defaultRecipe } from '../../../src/incidents/cluster/recipe';
import { selectDensity } from '../../../src/incidents/cluster/selectDensity';

const themes = 6;
const perTheme = 40;

/** Unit rows around `themes` directions of 24. */
function themedRows(): { rows: number[][]; truth: Int32Array } {
  const random = seededRandom(11);
  const centers = Array.from({ length: themes }, () => Array.from({ length: 24 }, () => random.normal()));
  const rows = Array.from({ length: themes * perTheme }, (_, row) => {
    const values = centers[row % themes]!.map((value) => value + 0.35 * random.normal());
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  });
  return { rows, truth: Int32Array.from(rows, (_, row) => row % themes) };
}

describe('clustering embeddings', () => {
  test('finds the themes, assigns every ticket and repeats itself for a seed', async () => {
    const { rows, truth } = themedRows();
    const data = matrixFromRows(rows);
    const recipe = defaultRecipe(data.n);
    const first = await clusterEmbeddings(data, recipe, seededRandom(1));
    expect(first.clusterer.clusterCount).toBe(themes);
    expect(adjustedRandIndex(truth, first.assigned)).toBeGreaterThan(0.98);
    expect(first.assigned.every((label) => label >= 0)).toBe(true);
    expect(first.assigned).toEqual(
      first.labels.map((label, row) => (label >= 0 ? label : first.assigned[row]!)),
    );
    expect(first.strengths.filter((_, row) => first.labels[row]! < 0).every((value) => value === 0)).toBe(
      true,
    );
    const again = await clusterEmbeddings(data, recipe, seededRandom(1));
    expect(again.labels).toEqual(first.labels);
    expect(again.reducer.embedding.values).toEqual(first.reducer.embedding.values);
  });
});

describe('the recipe', () => {
  test('asks for larger clusters of more tickets, and never for fewer than five', () => {
    const sizes = [10, 100, 1_000, 10_000, 100_000].map((tickets) => defaultRecipe(tickets).minClusterSize);
    expect(sizes[0]).toBe(5);
    for (let index = 1; index < sizes.length; index++) {
      expect(sizes[index]!).toBeGreaterThanOrEqual(sizes[index - 1]!);
    }
    expect(sizes.at(-1)).toBe(100);
  });
});

describe('selection by density', () => {
  /** A dense pair of groups side by side and a small one far off: by excess of mass, the pair is one cluster. */
  function pairAndOutpost(): number[][] {
    const random = seededRandom(5);
    const group = (x: number, y: number, count: number): number[][] =>
      Array.from({ length: count }, () => [x + random.normal(), y + random.normal()]);
    return [...group(0, 0, 90), ...group(4.2, 0, 90), ...group(300, 0, 12)];
  }

  test('takes the leaves where one cluster would hold nearly everything', async () => {
    const data = matrixFromRows(pairAndOutpost());
    const recipe = { ...defaultRecipe(data.n), minClusterSize: 12 };
    const whole = await selectDensity(data, { ...recipe, largestShare: 1 }, seededRandom(1));
    expect(whole.clusterCount).toBe(2);
    const parts = await selectDensity(data, recipe, seededRandom(1));
    expect(parts.clusterCount).toBeGreaterThan(2);
    expect(parts.options.clusterSelectionMethod).toBe('leaf');
  });

  test('keeps the clusters of excess of mass where none of them is most of the tickets', async () => {
    const { rows } = themedRows();
    const fitted = await selectDensity(matrixFromRows(rows), defaultRecipe(rows.length), seededRandom(1));
    expect(fitted.options.clusterSelectionMethod).toBe('eom');
  });
});

describe('noise', () => {
  test('goes to the cluster whose centre is nearest', () => {
    const data = matrixFromRows([[0], [1], [10], [12], [4], [9]]);
    const labels = Int32Array.from([0, 0, 1, 1, -1, -1]);
    expect(Array.from(assignToNearest(data, labels, 2))).toEqual([0, 0, 1, 1, 0, 1]);
    expect(labels[4]).toBe(-1);
  });

  test('stays noise where there is no cluster', () => {
    const data = matrixFromRows([[0], [1]]);
    expect(Array.from(assignToNearest(data, Int32Array.from([-1, -1]), 0))).toEqual([-1, -1]);
  });
});
