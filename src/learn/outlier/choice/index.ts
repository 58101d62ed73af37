export { autoEntry, type AutoOptions, type FittedAuto } from './auto';
export { chooseDetector, type Candidate, type DetectorChoice, type JudgedCandidate } from './chooseDetector';
export { injectFault, pointFaults, seriesFaults, type Fault, type Injection } from './injectFaults';
