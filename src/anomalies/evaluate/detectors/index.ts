export {
  evaluateDetectors,
  type DetectorEvaluation,
  type DetectorEvaluationOptions,
  type DetectorFigures,
  type SeriesFigures,
} from './evaluateDetectors';
export { readLabelledSeries, type LabelledSeries } from './labelledSeries';
export { findMachines, type MachineFiles } from './machineFiles';
