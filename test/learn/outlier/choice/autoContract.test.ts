import { detectorByName } from '../../../../src/learn/outlier';
import { describeDetector, plantedStretch } from '../detectorContract';

describeDetector({
  detector: detectorByName('auto'),
  options: { candidates: ['isolation_forest', 'linear_residuals'] },
  longRunning: true,
  streams: true,
  planted: () => plantedStretch(300),
});
