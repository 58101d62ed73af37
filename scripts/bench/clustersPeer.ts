import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../src/learn/matrix';

/** scikit-learn on the same rows in a process of its own, where a Python of the machine has it. */
export type PeerClusters =
  | {
      readonly kMeansSeconds: number;
      readonly inertia: number;
      readonly dbscanSeconds: number;
      readonly dbscanClusters: number;
      readonly silhouetteSeconds: number;
      readonly silhouette: number;
    }
  | { readonly missing: string };

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 600_000;

const script = `
import sys, time, json
import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import silhouette_score
path, d, k, starts, epsilon, neighbors = sys.argv[1], *map(float, sys.argv[2:])
data = np.fromfile(path, dtype=np.float32).reshape(-1, int(d))
def best(work):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result
means, fitted = best(lambda: KMeans(int(k), n_init=int(starts), random_state=1).fit(data))
dense, found = best(lambda: DBSCAN(eps=epsilon, min_samples=int(neighbors)).fit(data))
sil, score = best(lambda: silhouette_score(data, fitted.labels_))
print(json.dumps({"kMeansSeconds": means, "inertia": float(fitted.inertia_), "dbscanSeconds": dense,
    "dbscanClusters": int(found.labels_.max()) + 1, "silhouetteSeconds": sil, "silhouette": float(score)}))
`;

export async function clusterWithScikitLearn(
  rows: Matrix,
  options: { clusters: number; starts: number; epsilon: number; minimumNeighbors: number },
): Promise<PeerClusters> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-clusters-'));
  try {
    const path = join(folder, 'rows.f32');
    await writeFile(path, rows.values);
    const { clusters, starts, epsilon, minimumNeighbors } = options;
    const figures = [rows.d, clusters, starts, epsilon, minimumNeighbors].map(String);
    // Threads that spin while they wait would measure the other's patience.
    const env = { ...process.env, OMP_WAIT_POLICY: 'passive' };
    for (const python of pythons) {
      if (!(await imports(python))) continue;
      const { stdout } = await promisify(execFile)(python, ['-c', script, path, ...figures], {
        timeout: limitMs,
        env,
      });
      return JSON.parse(stdout) as PeerClusters;
    }
    return { missing: 'no Python with scikit-learn' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function imports(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import sklearn'], { timeout: limitMs });
    return true;
  } catch {
    return false;
  }
}
