export { binomialTail } from './binomialTail';
export { chiSquareOfShares, chiSquareOfTable, type ChiSquare } from './chiSquare';
export { kolmogorovSmirnov, populationStability, type KolmogorovSmirnov } from './distributionShift';
export {
  defaultSequentialOptions,
  SequentialTest,
  type SequentialOptions,
  type SequentialState,
} from './sequentialTest';
