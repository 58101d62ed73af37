import { detectorByName } from '../../../src/learn/outlier';
import { describeDetector, plantedStretch } from './detectorContract';

describeDetector({
  detector: detectorByName('smoothed'),
  options: { detector: 'isolation_forest' },
  streams: true,
  planted: () => plantedStretch(300),
});
