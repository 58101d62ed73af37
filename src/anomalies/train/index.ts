export { isolationForestParts } from './isolationForestModel';
export {
  evidenceGapMinutes,
  evidenceSources,
  gatherEvidence,
  type Evidence,
  type ReviewedRows,
} from './evidence';
export { isolationBands, takeRows } from './isolationBands';
export {
  learnAnomalyModel,
  type LearnedModel,
  type LearningReport,
  type LearnOptions,
} from './learnAnomalyModel';
export { learningSet, rowsTakenForNormal, type LearningRows, type LearningSet } from './learningSet';
