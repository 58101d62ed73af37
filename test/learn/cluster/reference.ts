import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { HdbscanOptions } from '../../../src/learn/cluster';
import { matrix, type Matrix } from '../../../src/learn/matrix';

/** Answers of the Python package hdbscan 0.8.33 with its exact tree, as stored in test/fixtures/hdbscan. */
export interface ReferenceCase {
  readonly params: {
    readonly min_cluster_size: number;
    readonly min_samples?: number;
    readonly cluster_selection_method?: 'eom' | 'leaf';
    readonly cluster_selection_epsilon?: number;
    readonly allow_single_cluster?: boolean;
  };
  readonly labels: readonly number[];
  readonly probabilities: readonly number[];
  /** null where not finite. */
  readonly outlier_scores: readonly (number | null)[];
  readonly persistence: readonly number[];
  readonly mst_total_weight: number;
  readonly relative_validity: number;
  readonly dbcv?: number | null;
  readonly predict?: {
    readonly labels?: readonly number[];
    readonly strengths?: readonly number[];
    readonly membership?: readonly (readonly (number | null)[])[];
  };
  readonly all_points_membership?: readonly (readonly (number | null)[])[];
}

export interface ReferenceSet {
  readonly name: string;
  readonly data: Matrix;
  readonly queries: Matrix;
  readonly cases: readonly ReferenceCase[];
}

interface StoredSet {
  readonly name: string;
  readonly n: number;
  readonly d: number;
  readonly points: readonly number[];
  readonly queries: readonly number[];
  readonly cases: readonly ReferenceCase[];
}

const folder = join(process.cwd(), 'test', 'fixtures', 'hdbscan');

export const referenceNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.json.gz'))
  .map((name) => name.slice(0, -'.json.gz'.length))
  .sort();

const sets = new Map<string, ReferenceSet>();

export function referenceSet(name: string): ReferenceSet {
  const set = sets.get(name) ?? readSet(name);
  sets.set(name, set);
  return set;
}

function readSet(name: string): ReferenceSet {
  const stored = JSON.parse(
    gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString('utf8'),
  ) as StoredSet;
  const { n, d, points, queries, cases } = stored;
  return {
    name: stored.name,
    data: matrix(Float32Array.from(points), n, d),
    queries: matrix(Float32Array.from(queries), queries.length / d, d),
    cases,
  };
}

export function optionsOf({ params }: ReferenceCase): HdbscanOptions {
  return {
    minClusterSize: params.min_cluster_size,
    ...(params.min_samples !== undefined && { minSamples: params.min_samples }),
    ...(params.cluster_selection_method && { clusterSelectionMethod: params.cluster_selection_method }),
    ...(params.cluster_selection_epsilon !== undefined && {
      clusterSelectionEpsilon: params.cluster_selection_epsilon,
    }),
    ...(params.allow_single_cluster !== undefined && { allowSingleCluster: params.allow_single_cluster }),
  };
}
