export {
  evaluateStorms,
  judge,
  noiseLevels,
  type NoiseLevelFigures,
  type StormEvaluation,
  type StormEvaluationOptions,
  type StormFigures,
  type TopologyFigures,
} from './evaluateStorms';
export { readAlertRules } from './readAlertRules';
export { scoreGrouping, type GroupingScore } from './scoreGrouping';
export { generatedTopologies, readTopologies, type Topology } from './topologies';
