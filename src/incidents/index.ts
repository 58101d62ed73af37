export { trainQuarter } from './train/trainQuarter';
export type { CenterReport, TrainControl, TrainReport, TrainRequest } from './train/trainQuarter';
export { predictCenter } from './predict/predictCenter';
