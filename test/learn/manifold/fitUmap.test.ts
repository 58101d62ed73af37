import { afterAll, describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitUmap, umapFromBytes, type UmapOptions } from '../../../src/learn/manifold';
import type { Matrix } from '../../../src/learn/matrix';
import { createThreadPool } from '../../../src/learn/threads';

const options: UmapOptions = {
  components: 2,
  neighbors: 10,
  minimumDistance: 0.1,
  metric: 'euclidean',
  epochs: 100,
};

/** Well separated Gaussian groups; row i belongs to group i modulo `groups`. */
function groupedData(n: number, d: number, groups: number, seed: number): Matrix {
  const random = seededRandom(seed);
  const centers = Array.from({ length: groups * d }, () => 10 * random.normal());
  const draws = random.fork(`rows of ${n}`);
  const values = Float32Array.from(
    { length: n * d },
    (_, at) => centers[(Math.floor(at / d) % groups) * d + (at % d)]! + draws.normal(),
  );
  return { values, n, d };
}

const part = ({ values, d }: Matrix, from: number, to: number): Matrix => ({
  values: values.slice(from * d, to * d),
  n: to - from,
  d,
});

describe('a fitted UMAP', () => {
  const pool = createThreadPool(2);
  afterAll(() => pool.close());
  const data = groupedData(300, 8, 4, 1);
  const queries = groupedData(60, 8, 4, 1);

  test('the same seed gives the same bytes, with and without threads', async () => {
    const inline = await fitUmap(data, options, seededRandom(5));
    const threaded = await fitUmap(data, options, seededRandom(5), { threads: pool });
    expect(Buffer.from(threaded.toBytes()).equals(Buffer.from(inline.toBytes()))).toBe(true);
    const other = await fitUmap(data, options, seededRandom(6));
    expect(other.embedding.values).not.toEqual(inline.embedding.values);
  });

  test('new points land among their own group', async () => {
    const fitted = await fitUmap(data, options, seededRandom(5));
    const placed = await fitted.transform(queries);
    let right = 0;
    for (let row = 0; row < placed.n; row++) {
      let nearest = 0;
      let least = Infinity;
      for (let i = 0; i < data.n; i++) {
        const square =
          (placed.values[row * 2]! - fitted.embedding.values[i * 2]!) ** 2 +
          (placed.values[row * 2 + 1]! - fitted.embedding.values[i * 2 + 1]!) ** 2;
        if (square < least) [least, nearest] = [square, i];
      }
      if (nearest % 4 === row % 4) right++;
    }
    expect(right).toBe(placed.n);
  });

  test('the place of a new point does not depend on the batch it came in', async () => {
    const fitted = await fitUmap(data, options, seededRandom(5));
    const together = await fitted.transform(queries);
    const first = await fitted.transform(part(queries, 0, 17));
    const last = await fitted.transform(part(queries, 17, 60), { threads: pool });
    expect(together.values).toEqual(Float32Array.from([...first.values, ...last.values]));
  });

  test('bytes bring back the same model', async () => {
    const fitted = await fitUmap(data, options, seededRandom(5));
    const bytes = fitted.toBytes();
    const restored = umapFromBytes(bytes);
    expect(Buffer.from(restored.toBytes()).equals(Buffer.from(bytes))).toBe(true);
    expect((await restored.transform(queries)).values).toEqual((await fitted.transform(queries)).values);
  });
});
