export { autoEntry, type AutoOptions, type FittedAuto } from './auto';
export { chooseDetector, type Candidate, type DetectorChoice } from './chooseDetector';
export { rankCandidates, type CandidateEvidence, type JudgedCandidate } from './rankCandidates';
export { injectFault, pointFaults, seriesFaults, type Fault, type Injection } from './injectFaults';
