/** Rows that a tree is grown on: each by a hash of its own, so that any part of them can be drawn by itself. */
export function sampleRows(n: number, share: number, seed: number): Int32Array {
  const rows = new Int32Array(n);
  const limit = share * 2 ** 32;
  let count = 0;
  for (let row = 0; row < n; row++) if (rowHash(row, seed) < limit) rows[count++] = row;
  return rows.subarray(0, count);
}

/** 32 well-mixed bits (splitmix32's finish over a Weyl sequence). */
export function rowHash(row: number, seed: number): number {
  let z = (seed + Math.imul(row + 1, 0x9e3779b9)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
