export type { Encoding } from './encoding';
export { fitSymmetricBoosting, type SymmetricFitOptions } from './fitSymmetricBoosting';
export { symmetricBoostingFromBytes, type FittedSymmetricBoosting } from './fittedSymmetricBoosting';
export type { SymmetricBoostingOptions } from './options';
