import { isolationForest } from '../../../../src/learn/outlier/isolation';
import { describeDetector } from '../detectorContract';

describeDetector({
  detector: isolationForest,
  // Fewer rows are not worth a thread.
  sampleRows: 9000,
  longRunning: true,
  threaded: true,
  streams: true,
});
