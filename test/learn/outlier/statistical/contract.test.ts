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
