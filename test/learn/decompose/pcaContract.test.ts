import { fitPca, pcaFromBytes, type FittedPca } from '../../../src/learn/decompose';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedPca>({
  name: 'PCA',
  fit: (data, random, control) => fitPca(data, { varianceShare: 0.9 }, random, control),
  minimumRows: 2,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: pcaFromBytes,
  answer: (fitted, queries) => fitted.transform(queries).values,
  longRunning: true,
});
