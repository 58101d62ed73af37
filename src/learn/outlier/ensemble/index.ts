export { agreementWeights } from './agreementWeights';
export { scoreScale, unifyScore, type Normalization, type ScoreScale } from './unifyScores';
export { votingEnsembleEntry, type VotingEnsembleOptions } from './votingEnsemble';
