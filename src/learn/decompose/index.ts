export { sparseFromRows, type SparseMatrix, type SparseRow } from './sparse';
export { symmetricEigen } from './symmetricEigen';
export { fitTruncatedSvd, type FittedTruncatedSvd, type TruncatedSvdOptions } from './truncatedSvd';
export { fitPca, pcaFromBytes, type FittedPca, type PcaOptions } from './pca';
