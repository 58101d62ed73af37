import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { Matrix } from '../../src/learn/matrix';

/** Other implementations of HDBSCAN*, timed on the same data. */

export interface PeerTime {
  /** Undefined when the peer is missing or does not finish in time. */
  readonly seconds: number | undefined;
  readonly note: string;
}

/** hdbscan-ts takes cubic time and cannot be interrupted: it works in a thread that is ended at the limit. */
export async function timeHdbscanTs(
  data: Matrix,
  minClusterSize: number,
  minSamples: number,
  limitMs: number,
): Promise<PeerTime> {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { HDBSCAN } = require('hdbscan-ts');
    const { values, n, d, minClusterSize, minSamples } = workerData;
    const rows = Array.from({ length: n }, (_, row) => Array.from(values.subarray(row * d, (row + 1) * d)));
    const started = performance.now();
    new HDBSCAN({ minClusterSize, minSamples }).fit(rows);
    parentPort.postMessage((performance.now() - started) / 1000);
  `;
  const worker = new Worker(script, { eval: true, workerData: { ...data, minClusterSize, minSamples } });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<PeerTime>((resolve, reject) => {
      timer = setTimeout(
        () => resolve({ seconds: undefined, note: `not done in ${limitMs / 1000} s` }),
        limitMs,
      );
      worker.once('message', (seconds: number) => resolve({ seconds, note: '' }));
      worker.once('error', reject);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The Python package's default on the first rows of a gzipped float32 file; missing where it is not installed. */
export async function timePythonHdbscan(file: string, n: number, d: number): Promise<PeerTime> {
  const script = `
import gzip, sys, time
try:
    import hdbscan
except ImportError:
    sys.exit(3)
import numpy
rows = numpy.frombuffer(gzip.open(sys.argv[1]).read(), dtype=numpy.float32).reshape(-1, int(sys.argv[3]))
rows = rows[: int(sys.argv[2])].astype(float)
started = time.perf_counter()
hdbscan.HDBSCAN(min_cluster_size=50, min_samples=10, core_dist_n_jobs=1).fit(rows)
print(time.perf_counter() - started)
`;
  return await new Promise<PeerTime>((resolve) => {
    const missing: PeerTime = { seconds: undefined, note: 'not installed' };
    const child = spawn('python3', ['-c', script, file, String(n), String(d)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    child.once('error', () => resolve(missing));
    child.once('close', (code) =>
      resolve(code === 0 ? { seconds: Number(text), note: 'measured here' } : missing),
    );
  });
}
