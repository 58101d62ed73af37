import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Matrix } from '../../src/learn/matrix';

/** XGBoost in a Python process, where one of the machine's Pythons can import it. */
export type XgboostResult =
  | {
      readonly fitSeconds: number;
      readonly auc: number;
      readonly contributionSeconds: number;
      readonly version: string;
    }
  | { readonly missing: string };

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 300_000;

const script = `
import json, sys, time
import numpy as np
import xgboost
from sklearn.metrics import roc_auc_score
folder, given = sys.argv[1], json.loads(sys.argv[2])
read = lambda name, kind: np.fromfile(folder + "/" + name, kind)
data, held = (read(name, "<f4").reshape(-1, given["columns"]) for name in ("data.f32", "held.f32"))
labels, held_labels = read("labels.u8", "u1"), read("heldLabels.u8", "u1")
model = lambda: xgboost.XGBClassifier(tree_method="hist", n_estimators=given["rounds"], max_depth=6, learning_rate=0.1,
    subsample=0.8, colsample_bytree=0.8, n_jobs=given["threads"], random_state=42)
model().fit(data[:1000], labels[:1000])
start = time.perf_counter()
fitted = model().fit(data, labels)
fit = time.perf_counter() - start
auc = roc_auc_score(held_labels, fitted.predict_proba(held)[:, 1])
rows = xgboost.DMatrix(held[:given["explained"]])
start = time.perf_counter()
fitted.get_booster().predict(rows, pred_contribs=True)
print(json.dumps({"fitSeconds": fit, "auc": auc, "contributionSeconds": time.perf_counter() - start,
    "version": xgboost.__version__}))
`;

export interface PeerRows {
  readonly data: Matrix;
  readonly labels: Uint8Array;
}

export async function fitWithXgboost(
  training: PeerRows,
  held: PeerRows,
  given: { readonly rounds: number; readonly threads: number; readonly explained: number },
): Promise<XgboostResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-boosting-'));
  try {
    const write = (name: string, values: Float32Array | Uint8Array): Promise<void> =>
      writeFile(
        join(folder, name),
        new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength),
      );
    await write('data.f32', training.data.values);
    await write('labels.u8', training.labels);
    await write('held.f32', held.data.values);
    await write('heldLabels.u8', held.labels);
    const options = JSON.stringify({ ...given, columns: training.data.d });
    for (const python of pythons) {
      if (!(await imports(python))) continue;
      // A waiting thread that spins takes the time of the one that it waits for.
      const env = { ...process.env, OMP_WAIT_POLICY: 'passive' };
      const { stdout } = await promisify(execFile)(python, ['-c', script, folder, options], {
        timeout: limitMs,
        env,
      });
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as XgboostResult;
    }
    return { missing: 'no Python with xgboost and scikit-learn' };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function imports(python: string): Promise<boolean> {
  try {
    await promisify(execFile)(python, ['-c', 'import xgboost, sklearn'], { timeout: limitMs });
    return true;
  } catch {
    return false;
  }
}
