export {
  evaluateFaults,
  evaluateRootCause,
  type HitRates,
  type KindFigures,
  type RootCauseEvaluation,
} from './evaluateRootCause';
export { histories, readOnlineBoutique, type History } from './onlineBoutique';
