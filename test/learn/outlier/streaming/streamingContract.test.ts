import { detectorByName } from '../../../../src/learn/outlier';
import { describeDetector } from '../detectorContract';

describeDetector({
  detector: detectorByName('random_cut_forest'),
  options: { trees: 20, samples: 64 },
  longRunning: true,
  streams: true,
});
describeDetector({ detector: detectorByName('half_space_trees'), longRunning: true, streams: true });
