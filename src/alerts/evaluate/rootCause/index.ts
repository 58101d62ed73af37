export {
  evaluateRootCause,
  type HitRates,
  type KindFigures,
  type RootCauseEvaluation,
} from './evaluateRootCause';
export { histories, type History } from './onlineBoutique';
