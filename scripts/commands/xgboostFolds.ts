import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { xgboostStyleOptions, type FoldLearner } from '../../src/anomalies/evaluate/failures';
import { QuarterdeckError } from '../../src/contracts';

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 300_000;

const script = `
import json, sys
import numpy as np
import xgboost
folder, given = sys.argv[1], json.loads(sys.argv[2])
data = np.fromfile(folder + "/data.f32", "<f4").reshape(-1, given["columns"])
labels, folds = (np.fromfile(folder + "/" + name, "u1") for name in ("labels.u8", "folds.u8"))
answers = np.zeros(len(labels), "<f4")
for fold in np.unique(folds):
    held = folds == fold
    model = xgboost.XGBClassifier(tree_method="hist", n_jobs=1, random_state=given["seed"], **given["parameters"])
    answers[held] = model.fit(data[~held], labels[~held]).predict_proba(data[held])[:, 1]
answers.tofile(folder + "/answers.f32")
`;

/** XGBoost itself with our family's settings, in a Python process; or why there is none. */
export async function findXgboost(): Promise<
  { readonly learner: FoldLearner; readonly version: string } | { readonly missing: string }
> {
  for (const python of pythons) {
    const version = await versionIn(python);
    if (version !== undefined) return { learner: learnerOf(python), version };
  }
  return { missing: 'not installed (Debian: python3-xgboost, python3-sklearn)' };
}

/** XGBClassifier needs scikit-learn too. */
async function versionIn(python: string): Promise<string | undefined> {
  try {
    const code = 'import sklearn, xgboost; print(xgboost.__version__)';
    return (await promisify(execFile)(python, ['-c', code], { timeout: limitMs })).stdout.trim();
  } catch {
    return undefined;
  }
}

function learnerOf(python: string): FoldLearner {
  return async (data, labels, splits, random, run) => {
    const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-xgboost-'));
    try {
      const folds = new Uint8Array(labels.length);
      for (const [fold, { test }] of splits.folds.entries()) for (const row of test) folds[row] = fold;
      const { buffer, byteOffset, byteLength } = data.values;
      await writeFile(join(folder, 'data.f32'), new Uint8Array(buffer, byteOffset, byteLength));
      await writeFile(join(folder, 'labels.u8'), labels);
      await writeFile(join(folder, 'folds.u8'), folds);
      const { maxDepth, learningRate, rounds, subsample, columnsByTree } = xgboostStyleOptions;
      const given = {
        columns: data.d,
        seed: random.integer(2 ** 31),
        parameters: {
          max_depth: maxDepth,
          learning_rate: learningRate,
          n_estimators: rounds,
          subsample,
          colsample_bytree: columnsByTree,
        },
      };
      await promisify(execFile)(python, ['-c', script, folder, JSON.stringify(given)], {
        timeout: limitMs,
        ...(run?.signal && { signal: run.signal }),
      });
      const answers = await readFile(join(folder, 'answers.f32'));
      if (answers.byteLength !== 4 * labels.length) {
        throw new QuarterdeckError(
          'DATA_RAGGED',
          `XGBoost answered ${answers.byteLength / 4} of ${labels.length} rows`,
          {
            culprit: { row: Math.floor(answers.byteLength / 4) },
          },
        );
      }
      return Float32Array.from(labels, (_, row) => answers.readFloatLE(4 * row));
    } finally {
      await rm(folder, { recursive: true });
    }
  };
}
