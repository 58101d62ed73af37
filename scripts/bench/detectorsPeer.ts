import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../src/learn/matrix';

/** scikit-learn's forest on the same rows in a process of its own, where a Python of the machine has it. */
export type PeerForest =
  | { readonly fitSeconds: number; readonly scoreSeconds: number; readonly auc: number }
  | { readonly missing: string };

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 600_000;

const script = `
import sys, time, json
import numpy as np
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score
folder, d = sys.argv[1], int(sys.argv[2])
data = np.fromfile(folder + "/rows.f32", dtype=np.float32).reshape(-1, d)
labels = np.fromfile(folder + "/labels.u8", dtype=np.uint8)
best = None
for _ in range(2):
    start = time.perf_counter()
    forest = IsolationForest(n_estimators=100, max_samples=256, random_state=42, n_jobs=2).fit(data)
    fitted = time.perf_counter()
    scores = -forest.score_samples(data)
    end = time.perf_counter()
    if best is None or end - start < sum(best): best = (fitted - start, end - fitted)
print(json.dumps({"fitSeconds": best[0], "scoreSeconds": best[1], "auc": roc_auc_score(labels, scores)}))
`;

export async function isolationForestWithScikitLearn(data: Matrix, labels: Uint8Array): Promise<PeerForest> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-detectors-'));
  try {
    const { buffer, byteOffset, byteLength } = data.values;
    await writeFile(join(folder, 'rows.f32'), new Uint8Array(buffer, byteOffset, byteLength));
    await writeFile(join(folder, 'labels.u8'), labels);
    for (const python of pythons) {
      if (!(await imports(python))) continue;
      const { stdout } = await promisify(execFile)(python, ['-c', script, folder, String(data.d)], {
        timeout: limitMs,
      });
      return JSON.parse(stdout) as PeerForest;
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
