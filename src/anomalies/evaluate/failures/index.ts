export {
  boostedFamilies,
  evaluateFailures,
  xgboostStyleOptions,
  type FailureEvaluation,
  type FailureEvaluationOptions,
  type FamilyFigures,
  type FeatureView,
  type FoldLearner,
} from './evaluateFailures';
export { readMachineTable, type MachineTable } from './machineTable';
