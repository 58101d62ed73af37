import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What scikit-learn says of data of several shapes; made by test/fixtures/cluster/make.py. */
export interface Clustering {
  readonly name: string;
  readonly rows: number[][];
  readonly clusters: number;
  readonly inertia: number;
  readonly labels: number[];
  readonly silhouettes: number[];
  readonly epsilon: number;
  readonly minimumNeighbors: number;
  readonly dbscan: number[];
  readonly cores: number[];
}

export function readClusterings(): Clustering[] {
  const bytes = readFileSync(join(process.cwd(), 'test/fixtures/cluster/clusterings.json.gz'));
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as Clustering[];
}
