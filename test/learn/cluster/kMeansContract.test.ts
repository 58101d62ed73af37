import { fitKMeans, kMeansFromBytes, type FittedKMeans } from '../../../src/learn/cluster';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedKMeans>({
  name: 'K-Means',
  fit: async (data, random, control) => await fitKMeans(data, { clusters: 3 }, random, control),
  minimumRows: 3,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: kMeansFromBytes,
  answer: (fitted, queries) => {
    const { labels, confidences } = fitted.predict(queries);
    return Array.from(labels).flatMap((label, query) => [label, confidences[query]!]);
  },
  partition: (fitted) => fitted.labels,
  longRunning: true,
});
