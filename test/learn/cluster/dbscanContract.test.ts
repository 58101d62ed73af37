import { dbscanFromBytes, fitDbscan, type FittedDbscan } from '../../../src/learn/cluster';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedDbscan>({
  name: 'DBSCAN',
  fit: async (data, random, control) =>
    await fitDbscan(data, { epsilon: 1.5, minimumNeighbors: 5 }, random, control),
  minimumRows: 1,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: dbscanFromBytes,
  answer: (fitted, queries) => {
    const { labels, confidences } = fitted.predict(queries);
    return Array.from(labels).flatMap((label, query) => [label, confidences[query]!]);
  },
  partition: (fitted) => fitted.labels,
  longRunning: true,
});
