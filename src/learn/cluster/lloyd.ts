import { instantiateKernel, type Kernel } from '../kernels';
import { columnMeans } from '../decompose/gram';
import type { Matrix } from '../matrix';

/** Functions of kernels/assembly/centroids.ts. */
interface CentroidFunctions {
  packRows(source: number, rows: number, width: number, d: number, target: number): void;
  assignRows(
    panels: number,
    panelCount: number,
    d: number,
    centroids: number,
    halfNorms: number,
    centroidCount: number,
    labels: number,
    scores: number,
  ): number;
  sumRows(source: number, rows: number, width: number, labels: number, sums: number, counts: number): void;
  weighCandidates(
    panels: number,
    panelCount: number,
    d: number,
    candidates: number,
    candidateHalfNorms: number,
    rowHalfNorms: number,
    closest: number,
    lines: number,
    totals: number,
  ): void;
}

/** Rows of a panel. The kernel has the same number. */
const panelRows = 8;
/** Centroids, and candidates, that the kernel takes at once. */
const atOnce = 4;

const roundUp = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/**
 * The rows of one clustering in the kernel's memory, less their mean (so that float32 keeps its digits), and the steps
 * of Lloyd's algorithm over them.
 */
export class LloydSteps {
  readonly n: number;
  readonly d: number;
  readonly mean: Float64Array;
  /** k × d, less the mean. */
  readonly centroids: Float64Array;
  /** Half the squared length of each centred row. */
  private readonly rowHalfNorms: Float32Array;
  private readonly kernel: Kernel<CentroidFunctions>;
  private readonly panelCount: number;
  private readonly width: number;
  private readonly places: Record<
    | 'rows'
    | 'panels'
    | 'labels'
    | 'scores'
    | 'sums'
    | 'counts'
    | 'centroids'
    | 'centroidHalves'
    | 'candidates'
    | 'candidateHalves'
    | 'rowHalves'
    | 'closest'
    | 'lines'
    | 'totals',
    number
  >;

  constructor(
    data: Matrix,
    readonly clusters: number,
  ) {
    const { values, n, d } = data;
    this.n = n;
    this.d = d;
    this.width = roundUp(d, 4);
    this.panelCount = Math.ceil(n / panelRows);
    this.mean = columnMeans(data);
    this.centroids = new Float64Array(clusters * d);
    this.kernel = instantiateKernel<CentroidFunctions>('centroids');
    const { memory, functions } = this.kernel;
    const padded = this.panelCount * panelRows;
    const paddedClusters = roundUp(clusters, atOnce);
    this.places = {
      rows: memory.allocate(n * this.width * 4),
      panels: memory.allocate(padded * d * 4),
      labels: memory.allocate(padded * 4),
      scores: memory.allocate(padded * 4),
      sums: memory.allocate(clusters * this.width * 8),
      counts: memory.allocate(clusters * 4),
      centroids: memory.allocate(paddedClusters * d * 4),
      centroidHalves: memory.allocate(paddedClusters * 4),
      candidates: memory.allocate(atOnce * d * 4),
      candidateHalves: memory.allocate(atOnce * 4),
      rowHalves: memory.allocate(padded * 4),
      closest: memory.allocate(padded * 4),
      lines: memory.allocate(atOnce * padded * 4),
      totals: memory.allocate(atOnce * 8),
    };
    const rows = memory.float32(this.places.rows, n * this.width);
    const halves = memory.float32(this.places.rowHalves, padded);
    for (let row = 0; row < n; row++) {
      let square = 0;
      for (let column = 0; column < d; column++) {
        const value = Math.fround(values[row * d + column]! - this.mean[column]!);
        rows[row * this.width + column] = value;
        square += value * value;
      }
      halves[row] = square / 2;
    }
    functions.packRows(this.places.rows, n, this.width, d, this.places.panels);
    this.rowHalfNorms = Float32Array.from(halves.subarray(0, n));
  }

  /** Forgets what was assigned, for a new start. */
  begin(): void {
    this.kernel.memory.int32(this.places.labels, this.panelCount * panelRows).fill(-1);
    const closest = this.kernel.memory.float32(this.places.closest, this.panelCount * panelRows);
    closest.fill(0);
    closest.fill(Infinity, 0, this.n);
  }

  /** Labels as of the last `assign`; a view on the kernel's memory. */
  get labels(): Int32Array {
    return this.kernel.memory.int32(this.places.labels, this.n);
  }

  /** Squared distance of each row to the nearest centroid taken so far; a view on the kernel's memory. */
  get closest(): Float32Array {
    return this.kernel.memory.float32(this.places.closest, this.n);
  }

  /** Squared distance of a row to its centroid as of the last `assign`. */
  squaredDistance(row: number): number {
    const score = this.kernel.memory.float32(this.places.scores, this.n)[row]!;
    return Math.max(0, 2 * (this.rowHalfNorms[row]! - score));
  }

  /** Sum of the squared distances of all rows to their centroids as of the last `assign`. */
  inertia(): number {
    const scores = this.kernel.memory.float32(this.places.scores, this.n);
    let sum = 0;
    for (let row = 0; row < this.n; row++) {
      const half = this.rowHalfNorms[row]! - scores[row]!;
      if (half > 0) sum += half;
    }
    return 2 * sum;
  }

  /** Labels every row by the nearest centroid; whether any label changed. */
  assign(): boolean {
    const { memory, functions } = this.kernel;
    const { d, places } = this;
    const padded = roundUp(this.clusters, atOnce);
    const centroids = memory.float32(places.centroids, padded * d);
    centroids.set(this.centroids);
    const halves = memory.float32(places.centroidHalves, padded);
    halves.fill(Infinity);
    for (let cluster = 0; cluster < this.clusters; cluster++) {
      let square = 0;
      for (let column = 0; column < d; column++) square += centroids[cluster * d + column]! ** 2;
      halves[cluster] = square / 2;
    }
    const changed = functions.assignRows(
      places.panels,
      this.panelCount,
      d,
      places.centroids,
      places.centroidHalves,
      padded,
      places.labels,
      places.scores,
    );
    return changed > 0;
  }

  /**
   * Moves every centroid to the mean of its rows; one without rows goes where the row farthest from its own centroid
   * is, as scikit-learn does. @returns the sum of the squared moves
   */
  update(): number {
    const { memory, functions } = this.kernel;
    const { d, width, places } = this;
    const sums = memory.float64(places.sums, this.clusters * width);
    const counts = memory.int32(places.counts, this.clusters);
    sums.fill(0);
    counts.fill(0);
    functions.sumRows(places.rows, this.n, width, places.labels, places.sums, places.counts);
    if (counts.includes(0)) this.fillEmpty(sums, counts);
    let moved = 0;
    for (let cluster = 0; cluster < this.clusters; cluster++) {
      if (counts[cluster] === 0) continue;
      for (let column = 0; column < d; column++) {
        const value = sums[cluster * width + column]! / counts[cluster]!;
        moved += (value - this.centroids[cluster * d + column]!) ** 2;
        this.centroids[cluster * d + column] = value;
      }
    }
    return moved;
  }

  /** Makes a row the centroid `cluster`, and `closest` aware of it. */
  take(row: number, cluster: number, line: number): void {
    const { memory } = this.kernel;
    const padded = this.panelCount * panelRows;
    const rows = memory.float32(this.places.rows, this.n * this.width);
    for (let column = 0; column < this.d; column++) {
      this.centroids[cluster * this.d + column] = rows[row * this.width + column]!;
    }
    const taken = memory.float32(this.places.lines + line * padded * 4, padded);
    memory.float32(this.places.closest, padded).set(taken);
  }

  /** What the sum of `closest` would be with each of up to four rows as a further centroid. */
  weigh(candidates: readonly number[]): Float64Array {
    const { memory, functions } = this.kernel;
    const { d, places } = this;
    const rows = memory.float32(places.rows, this.n * this.width);
    const values = memory.float32(places.candidates, atOnce * d);
    const halves = memory.float32(places.candidateHalves, atOnce);
    candidates.forEach((row, index) => {
      values.set(rows.subarray(row * this.width, row * this.width + d), index * d);
      halves[index] = this.rowHalfNorms[row]!;
    });
    functions.weighCandidates(
      places.panels,
      this.panelCount,
      d,
      places.candidates,
      places.candidateHalves,
      places.rowHalves,
      places.closest,
      places.lines,
      places.totals,
    );
    return memory.float64(places.totals, candidates.length);
  }

  private fillEmpty(sums: Float64Array, counts: Int32Array): void {
    const { width, labels } = this;
    const rows = this.kernel.memory.float32(this.places.rows, this.n * width);
    const farthest = Int32Array.from({ length: this.n }, (_, row) => row).sort(
      (a, b) => this.squaredDistance(b) - this.squaredDistance(a) || a - b,
    );
    let next = 0;
    for (let cluster = 0; cluster < this.clusters; cluster++) {
      if (counts[cluster]! > 0) continue;
      while (next < this.n && counts[labels[farthest[next]!]!]! < 2) next++;
      if (next === this.n || this.squaredDistance(farthest[next]!) === 0) return;
      const row = farthest[next++]!;
      const from = labels[row]!;
      for (let column = 0; column < width; column++) {
        const value = rows[row * width + column]!;
        sums[from * width + column]! -= value;
        sums[cluster * width + column] = value;
      }
      counts[from]!--;
      counts[cluster] = 1;
    }
  }
}
