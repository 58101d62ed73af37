import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../src/learn/matrix';

/** xgboost in a Python process on the same rows, where one of the machine's Pythons can import it. */
export type XgboostResult =
  { readonly fitSeconds: number; readonly auc: number } | { readonly missing: string };

const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 900_000;
const script = `
import json, sys, time
import numpy as np, xgboost
folder, n, d, fitted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
x = np.fromfile(folder + "/rows.f32", np.float32).reshape(n, d)
y = np.fromfile(folder + "/labels.u8", np.uint8)
start = time.perf_counter()
model = xgboost.train({"objective": "binary:logistic", "tree_method": "hist", "max_depth": 6, "eta": 0.1,
    "nthread": 2}, xgboost.DMatrix(x[:fitted], label=y[:fitted]), 100)
seconds = time.perf_counter() - start
p = model.predict(xgboost.DMatrix(x[fitted:]))
order = np.argsort(p, kind="stable")
rank = np.empty(len(p)); rank[order] = np.arange(1, len(p) + 1)
positive = y[fitted:] == 1
k = positive.sum()
auc = (rank[positive].sum() - k * (k + 1) / 2) / (k * (len(p) - k))
print(json.dumps({"fitSeconds": seconds, "auc": float(auc)}))
`;

/** Fits on the first `fitted` rows with two threads, and scores the others. */
export async function fitXgboost(data: Matrix, labels: Uint8Array, fitted: number): Promise<XgboostResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-xgboost-'));
  try {
    await writeFile(join(folder, 'rows.f32'), data.values);
    await writeFile(join(folder, 'labels.u8'), labels);
    for (const python of pythons) {
      if (!(await imports(python))) continue;
      const parameters = [folder, data.n, data.d, fitted].map(String);
      const { stdout } = await promisify(execFile)(python, ['-c', script, ...parameters], {
        timeout: limitMs,
        env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
      });
      return JSON.parse(stdout) as XgboostResult;
    }
    return { missing: 'no Python with xgboost' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function imports(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import xgboost, numpy'], { timeout: limitMs });
    return true;
  } catch {
    return false;
  }
}
