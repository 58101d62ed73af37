import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { connectedComponents } from '../../../src/learn/manifold/connectedComponents';
import { fitCurve } from '../../../src/learn/manifold/curve';
import { fuzzySimplicialSet } from '../../../src/learn/manifold/fuzzySet';
import { meanOf, smoothDistances } from '../../../src/learn/manifold/smoothDistances';
import { spectralStart } from '../../../src/learn/manifold/spectralStart';
import { matrixFromRows } from '../../../src/learn/matrix';
import { nearestNeighbors, type Metric } from '../../../src/learn/neighbors';

interface FuzzySetCase {
  metric: Metric;
  neighbors: number;
  localConnectivity: number;
  setOperationMixRatio: number;
  data: number[][];
  indices: number[][];
  distances: number[][];
  sigmas: number[];
  rhos: number[];
  rows: number[];
  columns: number[];
  weights: number[];
}
interface SpectralCase {
  data: number[][];
  neighbors: number;
  layout: number[][];
}

function fixture(name: string): unknown {
  return JSON.parse(readFileSync(join(process.cwd(), 'test/fixtures/umap', name), 'utf8'));
}
const spectral = fixture('spectral.json') as { connected: SpectralCase; twoComponents: SpectralCase };
const curves = fixture('curves.json') as { spread: number; minimumDistance: number; a: number; b: number }[];

const largestDifference = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left).reduce((most, value, at) => Math.max(most, Math.abs(value - right[at]!)), 0);

describe('parity with umap-learn', () => {
  const cases = (fixture('fuzzy_sets.json') as FuzzySetCase[]).map(
    (item) =>
      [`${item.metric}, ${item.neighbors} neighbours, connectivity ${item.localConnectivity}`, item] as const,
  );

  test.each(cases)('nearest neighbours: %s', async (_name, item) => {
    const graph = await nearestNeighbors(matrixFromRows(item.data), item, seededRandom(1));
    expect(largestDifference(graph.distances, item.distances.flat())).toBeLessThan(2e-6);
  });

  test.each(cases)('bandwidths, radii and fuzzy set: %s', (_name, item) => {
    const neighbors = {
      n: item.data.length,
      k: item.neighbors,
      indices: Int32Array.from(item.indices.flat()),
      distances: Float32Array.from(item.distances.flat()),
    };
    const metric = smoothDistances(neighbors, item.localConnectivity, meanOf(neighbors.distances));
    expect(largestDifference(metric.sigmas, item.sigmas)).toBeLessThan(1e-4);
    expect(largestDifference(metric.rhos, item.rhos)).toBeLessThan(1e-6);

    const graph = fuzzySimplicialSet(neighbors, metric, item.setOperationMixRatio);
    const ours = new Map<string, number>();
    for (let row = 0; row < graph.n; row++) {
      for (let at = graph.starts[row]!; at < graph.starts[row + 1]!; at++) {
        ours.set(`${row},${graph.columns[at]}`, graph.weights[at]!);
      }
    }
    const theirs = new Map(
      item.weights.map((weight, at) => [`${item.rows[at]},${item.columns[at]}`, weight]),
    );
    for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
      expect(ours.get(key) ?? 0).toBeCloseTo(theirs.get(key) ?? 0, 4);
    }
  });

  test.each(curves)(
    'curve of spread $spread and minimum distance $minimumDistance',
    ({ spread, minimumDistance, a, b }) => {
      const curve = fitCurve(spread, minimumDistance);
      expect(curve.a).toBeCloseTo(a, 5);
      expect(curve.b).toBeCloseTo(b, 5);
    },
  );

  async function startOf({ data, neighbors: k, layout }: SpectralCase): Promise<Float64Array> {
    const points = matrixFromRows(data);
    const neighbors = await nearestNeighbors(points, { neighbors: k, metric: 'euclidean' }, seededRandom(1));
    const graph = fuzzySimplicialSet(
      neighbors,
      smoothDistances(neighbors, 1, meanOf(neighbors.distances)),
      1,
    );
    const start = await spectralStart({
      graph,
      components: connectedComponents(graph),
      centroids: new Float64Array(0),
      centroidWidth: 0,
      metric: 'euclidean',
      dimensions: layout[0]!.length,
      seed: 1,
    });
    return start!;
  }

  /** Eigenvectors have no sign: every column, in every piece, is turned to have a positive product with the other's. */
  function largestDifferenceUpToSign(ours: Float64Array, theirs: number[][], pieces: number): number {
    const dimensions = theirs[0]!.length;
    let most = 0;
    for (let piece = 0; piece < pieces; piece++) {
      for (let axis = 0; axis < dimensions; axis++) {
        const rows = theirs.map((_, row) => row).filter((row) => row % pieces === piece);
        const center = (values: number[]): number[] => {
          const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
          return pieces === 1 ? values : values.map((value) => value - middle);
        };
        const a = center(rows.map((row) => ours[row * dimensions + axis]!));
        const b = center(rows.map((row) => theirs[row]![axis]!));
        const sign = Math.sign(a.reduce((sum, value, at) => sum + value * b[at]!, 0));
        most = Math.max(
          most,
          largestDifference(
            a,
            b.map((value) => value * sign),
          ),
        );
      }
    }
    return most;
  }

  test('spectral start of a connected graph', async () => {
    const { connected } = spectral;
    expect(largestDifferenceUpToSign(await startOf(connected), connected.layout, 1)).toBeLessThan(2e-3);
  });

  test('a graph in two pieces: each laid out by its own spectrum, at opposite ends of the first axis', async () => {
    const { twoComponents } = spectral;
    const start = await startOf(twoComponents);
    expect(largestDifferenceUpToSign(start, twoComponents.layout, 2)).toBeLessThan(2e-2);
    // Every piece fills the half that is nearer to its end.
    const rounding = 1e-9;
    expect(start.filter((_, at) => at % 4 === 0).every((x) => x > -rounding)).toBe(true);
    expect(start.filter((_, at) => at % 4 === 2).every((x) => x < rounding)).toBe(true);
  });
});
