import { seededRandom } from '../../../../src/contracts';
import type { Matrix } from '../../../../src/learn/matrix';
import { classicalDetectors } from '../../../../src/learn/outlier/classical';
import { gaussianGroups } from '../../estimatorContract';
import { describeDetector } from '../detectorContract';

interface Planted {
  readonly data: Matrix;
  readonly row: number;
  readonly column: number;
}

/** The last row lies in every column's tail, farthest in column 2. */
function outInEveryTail(): Planted {
  const data = gaussianGroups(150);
  const row = data.n - 1;
  data.values.set([42, 2.2, 60, 2.2], row * data.d);
  return { data, row, column: 2 };
}

/** Columns that move together; in the last row column 2 does not. */
function outOfStep(): Planted {
  const random = seededRandom(8);
  const [n, d] = [150, 4];
  const values = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    const common = random.normal();
    for (let column = 0; column < d; column++) values[row * d + column] = common + 0.1 * random.normal();
  }
  values[(n - 1) * d + 2]! += 4;
  return { data: { values, n, d }, row: n - 1, column: 2 };
}

const plantedFor: Readonly<Record<string, () => Planted>> = {
  ecod: outInEveryTail,
  copod: outInEveryTail,
  histogram: outInEveryTail,
  principal_components: outOfStep,
};
const longRunning = new Set(['principal_components', 'one_class_svm', 'mahalanobis']);

for (const { detector } of classicalDetectors) {
  const planted = plantedFor[detector.name];
  describeDetector<object>({
    detector,
    longRunning: longRunning.has(detector.name),
    ...(planted && { planted }),
  });
}
