import { detectorByName } from '../../../../src/learn/outlier';
import { describeDetector } from '../detectorContract';

describeDetector({
  detector: detectorByName('extended_isolation_forest'),
  longRunning: true,
  streams: true,
});
