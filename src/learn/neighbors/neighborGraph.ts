/** The `k` nearest points of each of `n` points, nearest first; equal distances are ordered by index. */
export interface NeighborGraph {
  readonly n: number;
  readonly k: number;
  /** `n × k`, row-major. */
  readonly indices: Int32Array;
  /** `n × k`, row-major, never falling along a row. */
  readonly distances: Float32Array;
}
