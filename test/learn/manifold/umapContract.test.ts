import { fitUmap, umapFromBytes, type FittedUmap } from '../../../src/learn/manifold';
import { describeEstimator } from '../estimatorContract';

describeEstimator<FittedUmap>({
  name: 'UMAP',
  fit: (data, random, control) =>
    fitUmap(
      data,
      { components: 2, neighbors: 12, minimumDistance: 0.1, metric: 'euclidean', epochs: 60 },
      random,
      control,
    ),
  minimumRows: 2,
  toBytes: (fitted) => fitted.toBytes(),
  fromBytes: umapFromBytes,
  answer: async (fitted, queries) => (await fitted.transform(queries)).values,
  threaded: true,
  longRunning: true,
});
