import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitUmap, umapFromBytes, type UmapOptions } from '../../../src/learn/manifold';
import { matrixFromRows, type Matrix } from '../../../src/learn/matrix';

const options: UmapOptions = {
  components: 2,
  neighbors: 8,
  minimumDistance: 0.1,
  metric: 'euclidean',
  epochs: 50,
};

function groups(count: number, rowsOfEach: number, d: number, apart: number): Matrix {
  const random = seededRandom(11);
  return matrixFromRows(
    Array.from({ length: count * rowsOfEach }, (_, row) =>
      Array.from(
        { length: d },
        (_unused, k) => random.normal() + (k === (row % count) % d ? apart * (1 + (row % count)) : 0),
      ),
    ),
  );
}

const finite = ({ values }: Matrix): boolean => values.every((value) => Number.isFinite(value));

describe('UMAP of awkward data', () => {
  test.each([1, 2, 3, 7, 10, 11, 100])(
    '%d epochs: the fit ends and new points are placed',
    async (epochs) => {
      const data = groups(2, 20, 3, 5);
      const fitted = await fitUmap(data, { ...options, epochs }, seededRandom(1));
      expect(finite(fitted.embedding)).toBe(true);
      expect(finite(await fitted.transform(data))).toBe(true);
    },
  );

  test.each([2, 3, 4, 8, 9])('%d rows, fewer than neighbours are asked for', async (rows) => {
    const data = groups(1, rows, 3, 0);
    const fitted = await fitUmap(data, options, seededRandom(1));
    expect(fitted.embedding).toMatchObject({ n: rows, d: 2 });
    expect(finite(fitted.embedding)).toBe(true);
    expect(finite(await fitted.transform(data))).toBe(true);
  });

  test.each([2, 3, 9, 30])('a graph in %d pieces: each stays together', async (pieces) => {
    const data = groups(pieces, 16, 4, 200);
    const { embedding, start } = await fitUmap(data, { ...options, epochs: 200 }, seededRandom(1));
    expect(start).toBe('spectral');
    expect(finite(embedding)).toBe(true);
    const centers = Array.from({ length: pieces }, (_, piece) => {
      const rows = Array.from({ length: 16 }, (_unused, i) => i * pieces + piece);
      const middle = [0, 1].map(
        (axis) => rows.reduce((sum, row) => sum + embedding.values[row * 2 + axis]!, 0) / 16,
      );
      return { rows, middle };
    });
    for (const { rows, middle } of centers) {
      for (const row of rows) {
        const to = ([x, y]: number[]): number =>
          Math.hypot(embedding.values[row * 2]! - x!, embedding.values[row * 2 + 1]! - y!);
        // No row is flung out of its piece.
        expect(to(middle)).toBeLessThan(8);
      }
    }
  });

  test('duplicates lie together, and do not tear the rest', async () => {
    const random = seededRandom(3);
    const data = matrixFromRows(
      Array.from({ length: 120 }, (_, row) => (row < 40 ? [1, 2, 3] : [0, 0, 0].map(() => random.normal()))),
    );
    const fitted = await fitUmap(data, options, seededRandom(1));
    expect(finite(fitted.embedding)).toBe(true);
    expect(finite(await fitted.transform(data))).toBe(true);
  });

  test('rows of zeros are near to each other under the cosine', async () => {
    const random = seededRandom(4);
    const data = matrixFromRows(
      Array.from({ length: 60 }, (_, row) =>
        row % 3 === 0 ? [0, 0, 0] : [1 + random.next(), random.next(), 0],
      ),
    );
    const fitted = await fitUmap(data, { ...options, metric: 'cosine' }, seededRandom(1));
    expect(finite(fitted.embedding)).toBe(true);
    expect(finite(await fitted.transform(matrixFromRows([[0, 0, 0]])))).toBe(true);
  });

  test('more components than columns', async () => {
    const fitted = await fitUmap(
      groups(2, 20, 2, 5),
      { ...options, components: 6, start: 'pca' },
      seededRandom(1),
    );
    expect(fitted.embedding.d).toBe(6);
    expect(finite(fitted.embedding)).toBe(true);
  });

  test('mutual neighbours alone may leave points without any: they are placed all the same', async () => {
    const fitted = await fitUmap(
      groups(3, 15, 3, 4),
      { ...options, setOperationMixRatio: 0 },
      seededRandom(1),
    );
    expect(finite(fitted.embedding)).toBe(true);
  });

  test.each<[keyof UmapOptions, unknown]>([
    ['components', 0],
    ['components', 1.5],
    ['neighbors', 1],
    ['minimumDistance', -1],
    ['minimumDistance', 2],
    ['spread', 0],
    ['metric', 'manhattan'],
    ['epochs', 0],
    ['epochs', NaN],
    ['start', 'random'],
    ['negativeSampleRate', 0],
    ['learningRate', 0],
    ['setOperationMixRatio', 1.5],
    ['localConnectivity', -1],
    ['repulsionStrength', NaN],
  ])('%s of %p is refused by name', async (option, value) => {
    const refused = fitUmap(groups(2, 10, 3, 5), { ...options, [option]: value }, seededRandom(1));
    await expect(refused).rejects.toMatchObject({ code: 'PARAMETER_INVALID', culprit: { option } });
  });

  test('bytes whose arrays do not fit their sizes are refused', async () => {
    const fitted = await fitUmap(groups(2, 20, 3, 5), options, seededRandom(1));
    const bytes = Buffer.from(fitted.toBytes());
    // The same length of header, another number of rows.
    const altered = Buffer.from(bytes.toString('latin1').replace('"rows":40', '"rows":41'), 'latin1');
    expect(altered.equals(bytes)).toBe(false);
    expect(() => umapFromBytes(altered)).toThrow(expect.objectContaining({ code: 'MODEL_BYTES_INVALID' }));
  });
});
