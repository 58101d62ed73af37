export {
  evaluateSessions,
  type SessionEvaluation,
  type SessionEvaluationOptions,
  type SessionFigures,
} from './evaluateSessions';
export { readSessions, type LabelledSession } from './sessionFiles';
