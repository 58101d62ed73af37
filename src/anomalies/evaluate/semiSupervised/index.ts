export {
  evaluateSemiSupervised,
  type SemiSupervisedEvaluation,
  type SemiSupervisedFigures,
  type SemiSupervisedOptions,
} from './evaluateSemiSupervised';
export { scriptedReview, type ScriptedReview } from './scriptedReview';
