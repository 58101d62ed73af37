import { linearResiduals } from '../../../../src/learn/outlier/residual';
import { describeDetector } from '../detectorContract';

describeDetector({ detector: linearResiduals, longRunning: true, streams: true });
