import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** TF-IDF and truncated SVD in a Python process, where one of the machine's Pythons can import scikit-learn. */
export type ScikitLearnResult =
  { readonly fitSeconds: number; readonly embedSeconds: number } | { readonly missing: string };

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 600_000;

/** The same number of texts, terms, directions and passes as ours. */
const script = `
import json, sys, time
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.decomposition import TruncatedSVD
from sklearn.pipeline import make_pipeline
texts, queries = json.load(open(sys.argv[1]))
learned = [texts[i] for i in sorted(np.random.default_rng(42).permutation(len(texts))[:16384])]
views = [make_pipeline(TfidfVectorizer(min_df=2, sublinear_tf=True, **options),
    TruncatedSVD(128, n_iter=3, random_state=42)) for options in (
    {"analyzer": "char_wb", "ngram_range": (3, 5), "max_features": 30000}, {"max_features": 20000})]
start = time.perf_counter()
for view in views: view.fit(learned)
fit = time.perf_counter() - start
start = time.perf_counter()
for view in views: view.transform(queries)
print(json.dumps({"fitSeconds": fit, "embedSeconds": time.perf_counter() - start}))
`;

export async function embedWithScikitLearn(
  texts: readonly string[],
  queries: readonly string[],
): Promise<ScikitLearnResult> {
  const folder = await mkdtemp(join(tmpdir(), 'quarterdeck-embedder-'));
  try {
    const path = join(folder, 'texts.json');
    await writeFile(path, JSON.stringify([texts, queries]));
    for (const python of pythons) {
      if (!(await imports(python))) continue;
      const { stdout } = await promisify(execFile)(python, ['-c', script, path], { timeout: limitMs });
      return JSON.parse(stdout) as ScikitLearnResult;
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
