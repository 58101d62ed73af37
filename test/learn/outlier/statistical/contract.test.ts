import { seededRandom } from '../../../../src/contracts';
import type { Matrix } from '../../../../src/learn/matrix';
import { detectors } from '../../../../src/learn/outlier';
import { describeDetector } from '../detectorContract';

for (const name of ['z_score', 'median_absolute_deviation', 'ewma']) {
  describeDetector<object>({ detector: detectors.get(name)!.detector, streams: true });
}

for (const name of ['holt_winters', 'seasonal_residual']) {
  describeDetector<object>({ detector: detectors.get(name)!.detector, streams: true, longRunning: true });
  describeDetector<object>({
    detector: detectors.get(name)!.detector,
    options: { period: 3, combine: 'maximum' },
    streams: true,
    longRunning: true,
  });
}

/** Waves of four lengths; the last row breaks column 2. */
function brokenWave(): { data: Matrix; row: number; column: number } {
  const random = seededRandom(3);
  const [n, d] = [200, 4];
  const values = new Float32Array(n * d);
  for (let at = 0; at < values.length; at++) {
    const [row, column] = [Math.floor(at / d), at % d];
    values[at] = 10 * Math.sin(row / (2 + column)) + 0.1 * random.normal();
  }
  values[(n - 1) * d + 2]! += 60;
  return { data: { values, n, d }, row: n - 1, column: 2 };
}

describeDetector<object>({
  detector: detectors.get('matrix_profile')!.detector,
  streams: true,
  longRunning: true,
  planted: brokenWave,
});

describeDetector<object>({
  detector: detectors.get('novelty')!.detector,
  // Each row is asked as a series of its own, which begins with a copy of all that was learned.
  sampleRows: 40,
  options: { combine: 'maximum' },
  streams: true,
  longRunning: true,
  planted: brokenWave,
});
