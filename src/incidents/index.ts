export { trainQuarter } from './train/trainQuarter';
export type { CenterReport, TrainControl, TrainReport, TrainRequest } from './train/trainQuarter';
export { predictCenter } from './predict/predictCenter';
export { evaluateClustering } from './evaluate/evaluateClustering';
export type { ClusteringEvaluation, EvaluationOptions, LabelledText } from './evaluate/evaluateClustering';
export { readColumns } from './evaluate/labelledRows';
