import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { fitHdbscan, hdbscanFromBytes } from '../../../src/learn/cluster';
import { adjustedRandIndex } from '../../../src/learn/score';
import { createThreadPool } from '../../../src/learn/threads';
import { optionsOf, referenceNames, referenceSet } from './reference';

describe('HDBSCAN* against the Python package', () => {
  test.each(referenceNames)('%s: the spanning tree weighs the same', async (name) => {
    const { data, cases } = referenceSet(name);
    for (const reference of cases) {
      const model = await fitHdbscan(data, optionsOf(reference), seededRandom(1));
      expect(model.minimumSpanningTree.totalWeight).toBeCloseTo(reference.mst_total_weight, 4);
    }
  });

  test('well separated clusters come out the same', async () => {
    const { data, cases } = referenceSet('ten_dimensions');
    for (const reference of cases) {
      const model = await fitHdbscan(data, optionsOf(reference), seededRandom(1));
      expect(adjustedRandIndex(model.labels, Int32Array.from(reference.labels))).toBe(1);
    }
  });
});

describe('a fitted clustering', () => {
  test('comes back from its bytes unchanged, and threads do not change it', async () => {
    const { data, queries, cases } = referenceSet('ten_dimensions');
    const options = optionsOf(cases[0]!);
    const model = await fitHdbscan(data, options, seededRandom(1));
    const bytes = model.toBytes();
    const again = hdbscanFromBytes(bytes);
    expect(again.toBytes()).toEqual(bytes);
    expect(again.predict(queries)).toEqual(model.predict(queries));

    const threads = createThreadPool(2);
    try {
      const threaded = await fitHdbscan(data, options, seededRandom(1), { threads });
      expect(threaded.toBytes()).toEqual(bytes);
    } finally {
      await threads.close();
    }
  });
});
