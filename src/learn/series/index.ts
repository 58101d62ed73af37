export { decomposeStl, type Decomposition, type StlOptions } from './stl';
export {
  copyState,
  expectedNext,
  fitHoltWinters,
  smooth,
  type FittedHoltWinters,
  type HoltWintersOptions,
  type HoltWintersState,
  type HoltWintersWeights,
  type Seasonality,
} from './holtWinters';
export { dominantPeriod } from './dominantPeriod';
export {
  defaultExclusion,
  matrixProfile,
  type MatrixProfile,
  type MatrixProfileOptions,
} from './matrixProfile';
export { LeftProfileStream } from './leftProfileStream';
