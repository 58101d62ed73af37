import { instantiateKernel, type Kernel } from '../kernels';
import type { Matrix } from '../matrix';

/** Functions of kernels/assembly/distanceSums.ts. */
interface DistanceSumFunctions {
  sumDistances(
    queries: number,
    rows: number,
    d: number,
    panels: number,
    masks: number,
    starts: number,
    clusters: number,
    out: number,
  ): void;
}

/** Rows of a panel, and rows that are asked about at once. The kernel has the same numbers. */
const panelRows = 8;
const queryRows = 4;
/** Rows that one call of the kernel answers. */
const blockRows = 64;

/**
 * For each of some rows the sum of its Euclidean distances to the members of every cluster: distances in float32 from
 * differences, sums in float64. Costs rows² / 8 steps of a vector, and nothing is kept of pairs.
 */
export class EuclideanDistanceSums {
  private readonly kernel: Kernel<DistanceSumFunctions>;
  private readonly panels: number;
  private readonly masks: number;
  private readonly starts: number;
  private readonly queries: number;
  private readonly out: number;
  private first = 0;
  private count = 0;

  /**
   * @param rows rows of `data` that take part
   * @param codes cluster of each of them, 0 … k − 1
   * @param asked places in `rows` of those that are asked about
   */
  constructor(
    private readonly data: Matrix,
    private readonly rows: Int32Array,
    codes: Int32Array,
    private readonly k: number,
    private readonly asked: Int32Array,
  ) {
    const { values, d } = data;
    this.kernel = instantiateKernel<DistanceSumFunctions>('distanceSums');
    const { memory } = this.kernel;
    const starts = panelStarts(codes, k);
    const lanes = starts[k]! * panelRows;
    this.panels = memory.allocate(lanes * d * 4);
    this.masks = memory.allocate(lanes * 4);
    this.starts = memory.allocate((k + 1) * 4);
    this.queries = memory.allocate(blockRows * d * 4);
    this.out = memory.allocate(blockRows * k * 8);
    memory.int32(this.starts, k + 1).set(starts);
    const panels = memory.float32(this.panels, lanes * d);
    const masks = memory.int32(this.masks, lanes);
    const next = Int32Array.from(starts, (start) => start * panelRows);
    rows.forEach((row, index) => {
      const lane = next[codes[index]!]!++;
      masks[lane] = -1;
      const to = Math.floor(lane / panelRows) * panelRows * d + (lane % panelRows);
      for (let column = 0; column < d; column++) panels[to + column * panelRows] = values[row * d + column]!;
    });
  }

  /** Sums of the row asked about at `place`, by cluster; places are best taken in order. */
  readonly write = (_index: number, place: number, sums: Float64Array): void => {
    if (place < this.first || place >= this.first + this.count) this.load(place);
    const from = (place - this.first) * this.k;
    sums.set(this.kernel.memory.float64(this.out, blockRows * this.k).subarray(from, from + this.k));
  };

  private load(first: number): void {
    const { data, rows, asked, k } = this;
    const { memory, functions } = this.kernel;
    const count = Math.min(blockRows, asked.length - first);
    const queries = memory.float32(this.queries, blockRows * data.d);
    for (let index = 0; index < count; index++) {
      const row = rows[asked[first + index]!]! * data.d;
      queries.set(data.values.subarray(row, row + data.d), index * data.d);
    }
    const whole = Math.ceil(count / queryRows) * queryRows;
    functions.sumDistances(this.queries, whole, data.d, this.panels, this.masks, this.starts, k, this.out);
    this.first = first;
    this.count = count;
  }
}

/** First panel of every cluster, and the end: a panel holds rows of one cluster. */
function panelStarts(codes: Int32Array, k: number): Int32Array {
  const sizes = new Int32Array(k);
  for (const code of codes) sizes[code]!++;
  const starts = new Int32Array(k + 1);
  for (let code = 0; code < k; code++) starts[code + 1] = starts[code]! + Math.ceil(sizes[code]! / panelRows);
  return starts;
}
