import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { UmapOptions } from '../../src/learn/manifold';
import type { Matrix } from '../../src/learn/matrix';

/** umap-learn in a Python process, where one of the machine's Pythons can import it. */
export type UmapLearnResult =
  | { readonly fitSeconds: number; readonly transformSeconds: number; readonly embedding: Matrix }
  | { readonly missing: string };

/** The system's own Python comes second: a version manager's may hide it, without its packages. */
const pythons = ['python3', '/usr/bin/python3'];
const limitMs = 300_000;

/** Compilation by numba is not measured: a small fit over the same code comes first. */
const script = `
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np
import umap
folder, given = sys.argv[1], json.loads(sys.argv[2])
data = np.fromfile(folder + "/data.f32", "<f4").reshape(-1, given["columns"])
queries = np.fromfile(folder + "/queries.f32", "<f4").reshape(-1, given["columns"])
def model(**more):
    return umap.UMAP(n_components=given["components"], n_neighbors=given["neighbors"],
        min_dist=given["minimumDistance"], metric=given["metric"], random_state=given["seed"], **more)
model(force_approximation_algorithm=True).fit(data[:500]).transform(queries[:10])
start = time.perf_counter()
fitted = model().fit(data)
fit = time.perf_counter() - start
start = time.perf_counter()
fitted.transform(queries)
transform = time.perf_counter() - start
fitted.embedding_.astype("<f4").tofile(folder + "/embedding.f32")
print(json.dumps({"fitSeconds": fit, "transformSeconds": transform}))
`;

export async function fitWithUmapLearn(
  data: Matrix,
  queries: Matrix,
  options: UmapOptions & { readonly seed: number },
): Promise<UmapLearnResult> {
  const python = await pythonWithUmap();
  if (python === undefined) return { missing: 'not installed (Debian: python3-umap)' };
  const folder = await mkdtemp(join(tmpdir(), 'umap-peer-'));
  try {
    await writeFile(join(folder, 'data.f32'), bytesOf(data));
    await writeFile(join(folder, 'queries.f32'), bytesOf(queries));
    const given = JSON.stringify({ ...options, columns: data.d });
    const { stdout } = await promisify(execFile)(python, ['-c', script, folder, given], { timeout: limitMs });
    const times = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
      fitSeconds: number;
      transformSeconds: number;
    };
    const bytes = await readFile(join(folder, 'embedding.f32'));
    const values = new Float32Array(new Uint8Array(bytes).buffer);
    return { ...times, embedding: { values, n: data.n, d: options.components } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pythonWithUmap(): Promise<string | undefined> {
  for (const python of pythons) {
    try {
      await promisify(execFile)(python, ['-c', 'import umap'], { timeout: limitMs });
      return python;
    } catch {
      // Not there, or without the package: the next one may have it.
    }
  }
  return undefined;
}

function bytesOf({ values }: Matrix): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
