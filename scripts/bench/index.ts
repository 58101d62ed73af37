import type { Benchmark } from './benchmark';
import { benchmarks as alerts } from './alerts';
import { benchmarks as boosting } from './boosting';
import { benchmarks as clusters } from './clusters';
import { benchmarks as detectors } from './detectors';
import { benchmarks as embedder } from './embedder';
import { benchmarks as features } from './features';
import { benchmarks as hdbscan } from './hdbscan';
import { benchmarks as host } from './host';
import { benchmarks as logs } from './logs';
import { benchmarks as predict } from './predict';
import { benchmarks as preprocess } from './preprocess';
import { benchmarks as symmetric } from './symmetricBoosting';
import { benchmarks as serving } from './serving';
import { benchmarks as train } from './train';
import { benchmarks as umap } from './umap';
import { benchmarks as warehouse } from './warehouse';

/** Every benchmark, in the order of the table. */
export const benchmarks: readonly Benchmark[] = [
  ...embedder,
  ...hdbscan,
  ...clusters,
  ...umap,
  ...boosting,
  ...preprocess,
  ...train,
  ...predict,
  ...symmetric,
  ...logs,
  ...features,
  ...detectors,
  ...host,
  ...serving,
  ...warehouse,
  ...alerts,
];
