import { fitHdbscan, hdbscanFromBytes, type FittedHdbscan } from '../../../src/learn/cluster';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedHdbscan>({
  name: 'HDBSCAN*',
  fit: async (data, random, control) =>
    await fitHdbscan(data, { minClusterSize: 10, minSamples: 5 }, random, control),
  minimumRows: 10,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: hdbscanFromBytes,
  answer: (fitted, queries) => {
    const { labels, strengths } = fitted.predict(queries);
    const { values, clusters } = fitted.membership(queries);
    return Array.from(labels).flatMap((label, query) => [
      label,
      strengths[query]!,
      ...values.subarray(query * clusters, (query + 1) * clusters),
    ]);
  },
  partition: (fitted) => fitted.labels,
  threaded: true,
  longRunning: true,
});
