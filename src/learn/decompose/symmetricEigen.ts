/**
 * Eigenvalues and eigenvectors of a dense symmetric matrix: Householder reduction to tridiagonal form, then the
 * implicit QL method (the EISPACK pair tred2 and tql2, after Bowdler, Martin, Reinsch and Wilkinson).
 * O(n³); meant for the few hundred rows that remain of a large matrix after projection.
 * @param symmetric n × n, row-major; not changed.
 * @returns values, largest first, and vectors: row j of `vectors` is the unit vector of value j.
 */
export function symmetricEigen(
  symmetric: Float64Array,
  n: number,
): { values: Float64Array; vectors: Float64Array } {
  const basis = symmetric.slice();
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  tridiagonalize(basis, diagonal, offDiagonal, n);
  // Rotations mix neighbouring columns of the basis: transposed, those are contiguous rows.
  const rows = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rows[j * n + i] = basis[i * n + j]!;
  diagonalize(rows, diagonal, offDiagonal, n);
  const order = Array.from(diagonal.keys()).sort((a, b) => diagonal[b]! - diagonal[a]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(rows.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (index) => diagonal[index]!), vectors };
}

/** Overwrites `z` with the orthogonal basis (in columns) in which the matrix is tridiagonal. */
function tridiagonalize(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    let h = 0;
    if (i > 1) {
      let scale = 0;
      for (let k = 0; k < i; k++) scale += Math.abs(z[i * n + k]!);
      if (scale === 0) e[i] = z[i * n + i - 1]!;
      else {
        for (let k = 0; k < i; k++) {
          z[i * n + k]! /= scale;
          h += z[i * n + k]! ** 2;
        }
        const f = z[i * n + i - 1]!;
        const g = f >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
        e[i] = scale * g;
        h -= f * g;
        z[i * n + i - 1] = f - g;
        reflect(z, e, n, i, h);
      }
    } else e[i] = z[i * n + i - 1]!;
    d[i] = h;
  }
  d[0] = 0;
  e[0] = 0;
  for (let i = 0; i < n; i++) {
    if (d[i] !== 0) {
      for (let j = 0; j < i; j++) {
        let g = 0;
        for (let k = 0; k < i; k++) g += z[i * n + k]! * z[k * n + j]!;
        for (let k = 0; k < i; k++) z[k * n + j]! -= g * z[k * n + i]!;
      }
    }
    d[i] = z[i * n + i]!;
    z[i * n + i] = 1;
    for (let j = 0; j < i; j++) {
      z[j * n + i] = 0;
      z[i * n + j] = 0;
    }
  }
}

/** Applies the Householder reflection of row i to the leading block. */
function reflect(z: Float64Array, e: Float64Array, n: number, i: number, h: number): void {
  let f = 0;
  for (let j = 0; j < i; j++) {
    z[j * n + i] = z[i * n + j]! / h;
    let g = 0;
    for (let k = 0; k <= j; k++) g += z[j * n + k]! * z[i * n + k]!;
    for (let k = j + 1; k < i; k++) g += z[k * n + j]! * z[i * n + k]!;
    e[j] = g / h;
    f += e[j]! * z[i * n + j]!;
  }
  const half = f / (h + h);
  for (let j = 0; j < i; j++) {
    const rowValue = z[i * n + j]!;
    const g = e[j]! - half * rowValue;
    e[j] = g;
    for (let k = 0; k <= j; k++) z[j * n + k]! -= rowValue * e[k]! + g * z[i * n + k]!;
  }
}

/** Implicit QL: leaves the eigenvalues in `d` and the eigenvectors in the rows of `z`. */
function diagonalize(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (;;) {
      let m = l;
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!);
        if (Math.abs(e[m]!) <= Number.EPSILON * size) break;
      }
      if (m === l) break;
      let g = (d[l + 1]! - d[l]!) / (2 * e[l]!);
      let r = Math.hypot(g, 1);
      g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? Math.abs(r) : -Math.abs(r)));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        let f = s * e[i]!;
        const b = c * e[i]!;
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1]! -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1]! - p;
        r = (d[i]! - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        const upper = (i + 1) * n;
        const lower = i * n;
        for (let k = 0; k < n; k++) {
          f = z[upper + k]!;
          z[upper + k] = s * z[lower + k]! + c * f;
          z[lower + k] = c * z[lower + k]! - s * f;
        }
      }
      if (r === 0 && i >= l) continue;
      d[l]! -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}
