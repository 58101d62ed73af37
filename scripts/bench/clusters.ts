import { fitAlertClusters } from '../../src/alerts/cluster';
import { seededRandom } from '../../src/contracts';
import { fitDbscan, fitKMeans } from '../../src/learn/cluster';
import { matrix, type Matrix } from '../../src/learn/matrix';
import { silhouette } from '../../src/learn/score';
import type { Benchmark, Measurement } from './benchmark';
import { clusterWithScikitLearn } from './clustersPeer';

const seed = 1;
/** Each figure is the best of so many runs: the first one also compiles. */
const runs = 3;
const n = 15_000;
const d = 18;
const options = { clusters: 12, starts: 10, epsilon: 4, minimumNeighbors: 10 };
const alerts = 100_000;
/** Spread of the groups' centres, and of the rows around them: groups that touch. */
const spread = 2;
const width = 1.2;

function groups(rows: number): Matrix {
  const random = seededRandom(seed);
  const centres = Array.from({ length: options.clusters * d }, () => random.normal() * spread);
  const values = new Float32Array(rows * d);
  for (let row = 0; row < rows; row++) {
    const group = random.integer(options.clusters);
    for (let column = 0; column < d; column++) {
      values[row * d + column] = centres[group * d + column]! + random.normal() * width;
    }
  }
  return matrix(values, rows, d);
}

async function best<T>(work: () => T | Promise<T>): Promise<{ seconds: number; result: T }> {
  let found: { seconds: number; result: T } | undefined;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    const result = await work();
    const seconds = (performance.now() - started) / 1000;
    if (!found || seconds < found.seconds) found = { seconds, result };
  }
  return found!;
}

async function measure(): Promise<Measurement[]> {
  const rows = groups(n);
  const random = seededRandom(seed);
  const means = await best(() => fitKMeans(rows, options, random));
  const dense = await best(() => fitDbscan(rows, options, random));
  const score = await best(() => silhouette(rows, means.result.labels, { metric: 'euclidean' }, random));
  const peer = await clusterWithScikitLearn(rows, options);
  const against = (value: number | undefined, ours: number): Pick<Measurement, 'peer' | 'ratio'> => ({
    peer: {
      name: 'scikit-learn',
      value,
      note: 'missing' in peer ? peer.missing : 'same rows, another process',
    },
    ...(value !== undefined && { ratio: value / ours }),
  });
  const known = 'missing' in peer ? undefined : peer;
  const many = groups(alerts);
  const kinds = await best(() => fitAlertClusters(many, { seed, minimumSamples: 10 }));
  const { result: fit } = kinds;
  if (fit.status === 'skipped') throw new Error(fit.reason);
  const placed = await best(() => fit.model.predict(many));
  return [
    {
      figure: `K-Means, ${n} × ${d}, ${options.clusters} clusters, ${options.starts} starts`,
      value: means.seconds,
      unit: 's',
      target: '<= 0.3',
      ...against(known?.kMeansSeconds, means.seconds),
      extra: { inertia: means.result.inertia, ...(known && { peerInertia: known.inertia }) },
    },
    {
      figure: `DBSCAN, ${n} × ${d}`,
      value: dense.seconds,
      unit: 's',
      target: '<= 0.5',
      ...against(known?.dbscanSeconds, dense.seconds),
      extra: { clusters: dense.result.clusters, ...(known && { peerClusters: known.dbscanClusters }) },
    },
    {
      figure: `silhouette, ${n} × ${d}`,
      value: score.seconds,
      unit: 's',
      target: '<= 1.9',
      ...against(known?.silhouetteSeconds, score.seconds),
      extra: { silhouette: score.result, ...(known && { peerSilhouette: known.silhouette }) },
    },
    {
      figure: `kinds of ${alerts} alerts: every algorithm, the choice, and placing all`,
      value: kinds.seconds + placed.seconds,
      unit: 's',
      target: '<= 15',
      extra: { algorithm: fit.algorithm, clusters: fit.clusters, placeSeconds: placed.seconds },
    },
  ];
}

export const benchmarks: Benchmark[] = [{ name: 'clusters', run: measure }];
