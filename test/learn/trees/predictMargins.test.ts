import { describe, expect, test } from '@jest/globals';
import { seededRandom } from '../../../src/contracts';
import { matrix } from '../../../src/learn/matrix';
import { createThreadPool } from '../../../src/learn/threads';
import { fitGradientBoosting, predictMargins, predictMarginsOnThreads } from '../../../src/learn/trees';
import { plantedRows } from './plantedRows';

describe('margins', () => {
  test('are the same from threads, from shared memory, and from any number of rows at once', async () => {
    const { data, labels } = plantedRows(20_001, 5, 11);
    const { ensemble } = await fitGradientBoosting(data, labels, { rounds: 8 }, seededRandom(1));
    const margins = predictMargins(ensemble, data);
    const shared = new Float32Array(new SharedArrayBuffer(data.values.byteLength));
    shared.set(data.values);
    const threads = createThreadPool(2);
    try {
      expect(await predictMarginsOnThreads(ensemble, data, { threads })).toEqual(margins);
      expect(await predictMarginsOnThreads(ensemble, matrix(shared, data.n, data.d), { threads })).toEqual(
        margins,
      );
    } finally {
      await threads.close();
    }
    expect(await predictMarginsOnThreads(ensemble, data)).toEqual(margins);
    const last = matrix(data.values.slice(-5), 1, 5);
    expect(predictMargins(ensemble, last)).toEqual(margins.slice(-1));
  });

  test('a value on the threshold goes right, below it left, a missing one where it was learned to', () => {
    const ensemble = {
      d: 1,
      baseMargin: 0.5,
      treeOffsets: Int32Array.of(0, 3),
      feature: Int32Array.of(0, -1, -1),
      threshold: Float32Array.of(2, 0, 0),
      left: Int32Array.of(1, -1, -1),
      right: Int32Array.of(2, -1, -1),
      defaultLeft: Uint8Array.of(1, 0, 0),
      leafValue: Float32Array.of(0, -1, 1),
      cover: Float32Array.of(2, 1, 1),
      gain: Float32Array.of(1, 0, 0),
    };
    const rows = Float32Array.of(2.0000002, 2, 1.9999999, NaN);
    expect(Array.from(predictMargins(ensemble, matrix(rows, 4, 1)))).toEqual([1.5, 1.5, -0.5, -0.5]);
  });
});
