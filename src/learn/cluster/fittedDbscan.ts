import { QuarterdeckError } from '../../contracts';
import { decodeModel, encodeModel } from '../binary';
import { rowOf, type Matrix } from '../matrix';
import { checkQueries, type Placements } from './centroids';
import type { DbscanOptions } from './dbscan';
import { NeighborQueries } from './neighborQueries';
import { orderByTree } from './spatialTree';

const kind = 'dbscan';
const formatVersion = 1;

/** A fitted DBSCAN clustering; made by `fitDbscan` or `dbscanFromBytes`. */
export class FittedDbscan {
  private queries: NeighborQueries | undefined;

  constructor(
    readonly options: DbscanOptions,
    /** Row → cluster, −1 for noise. */
    readonly labels: Int32Array,
    readonly clusters: number,
    /** Rows in whose neighbourhood there are enough others: what a clustering is made of. */
    readonly cores: Matrix,
    readonly coreLabels: Int32Array,
  ) {}

  static of(
    data: Matrix,
    options: DbscanOptions,
    labels: Int32Array,
    isCore: Uint8Array,
    clusters: number,
  ): FittedDbscan {
    const { n, d } = data;
    const rows = Int32Array.from(labels.keys()).filter((row) => isCore[row] === 1);
    const values = new Float32Array(rows.length * d);
    rows.forEach((row, index) => values.set(rowOf(data, row), index * d));
    const coreLabels = rows.map((row) => labels[row]!);
    const cores: Matrix = { values, n: rows.length, d };
    return new FittedDbscan({ ...options }, labels.slice(0, n), clusters, cores, coreLabels);
  }

  /**
   * The cluster of the nearest core within the radius, else −1. Confidence is 1 on a core and falls evenly to ½ at the
   * rim of its neighbourhood; noise has 0. A fitted row between two clusters may be answered with the nearer one,
   * where `labels` has the first.
   * @param queries q × d. @throws DATA_WIDTH_MISMATCH, DATA_NOT_FINITE
   */
  predict(queries: Matrix): Placements {
    checkQueries(queries, this.cores.d);
    const labels = new Int32Array(queries.n).fill(-1);
    const confidences = new Float64Array(queries.n);
    if (this.cores.n === 0) return { labels, confidences };
    this.queries ??= new NeighborQueries(this.cores, orderByTree(this.cores), 1);
    const { epsilon } = this.options;
    for (let query = 0; query < queries.n; query++) {
      const { rows, distances } = this.queries.nearest(rowOf(queries, query));
      if (distances[0]! > epsilon) continue;
      labels[query] = this.coreLabels[rows[0]!]!;
      confidences[query] = 1 - distances[0]! / (2 * epsilon);
    }
    return { labels, confidences };
  }

  toBytes(): Uint8Array {
    return encodeModel(kind, formatVersion, {
      parameters: { ...this.options, clusters: this.clusters, d: this.cores.d },
      arrays: { labels: this.labels, cores: this.cores.values, coreLabels: this.coreLabels },
    });
  }
}

/** @throws MODEL_BYTES_INVALID */
export function dbscanFromBytes(bytes: Uint8Array): FittedDbscan {
  const { parameters, arrays } = decodeModel(kind, formatVersion, bytes);
  const number = (name: string): number => Number(parameters[name]);
  const { labels, cores, coreLabels } = arrays;
  const d = number('d');
  if (
    !(labels instanceof Int32Array) ||
    !(cores instanceof Float32Array) ||
    !(coreLabels instanceof Int32Array) ||
    cores.length !== coreLabels.length * d
  ) {
    throw new QuarterdeckError('MODEL_BYTES_INVALID', 'not the arrays of a DBSCAN clustering');
  }
  const options = { epsilon: number('epsilon'), minimumNeighbors: number('minimumNeighbors') };
  const coreRows = { values: cores, n: coreLabels.length, d };
  return new FittedDbscan(options, labels, number('clusters'), coreRows, coreLabels);
}
