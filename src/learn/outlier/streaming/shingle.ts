import { standardizeRow, type ColumnScale } from '../residual';

/** The last few rows side by side, oldest first, standardised. The first row stands for those before it. */
export class Shingle {
  private readonly point: Float32Array;
  private readonly row: Float64Array;
  private begun = false;

  constructor(
    private readonly scale: ColumnScale,
    private readonly d: number,
    private readonly rows: number,
  ) {
    this.point = new Float32Array(d * rows);
    this.row = new Float64Array(d);
  }

  /** The point that ends with `values`; overwritten by the next call. */
  push(values: Float32Array): Float32Array {
    const { point, row, d } = this;
    standardizeRow(this.scale, values, row);
    if (!this.begun) {
      for (let shingle = 0; shingle < this.rows; shingle++) point.set(row, shingle * d);
      this.begun = true;
    }
    point.copyWithin(0, d);
    point.set(row, point.length - d);
    return point;
  }
}
