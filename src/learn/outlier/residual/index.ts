import type { DetectorEntry } from '../detector';
import { linearResidualsFromBytes } from './fittedLinearResiduals';
import { linearResiduals } from './linearResiduals';

export { fitColumnScale, standardize, standardizeRow, type ColumnScale } from './columnScale';
export { linearResiduals, type LinearResidualsOptions } from './linearResiduals';

/** Detectors of multivariate series by what linear models leave unexplained. */
export const residualDetectors: readonly DetectorEntry[] = [
  { detector: linearResiduals, fromBytes: linearResidualsFromBytes },
];
