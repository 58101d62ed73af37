import { detectorByName, type VotingEnsembleOptions } from '../../../../src/learn/outlier';
import { describeDetector } from '../detectorContract';

const members = ['isolation_forest', 'extended_isolation_forest'];
const kinds: Partial<VotingEnsembleOptions>[] = [
  { members },
  { members, voting: 'majority' },
  { members, voting: 'weighted' },
  { members, normalization: 'gaussian' },
];
for (const options of kinds) {
  describeDetector({ detector: detectorByName('voting_ensemble'), options, longRunning: true });
}
