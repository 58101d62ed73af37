export {
  evaluateRootCause,
  type HitRates,
  type KindFigures,
  type RootCauseEvaluation,
} from './evaluateRootCause';
