import type { Random } from '../../contracts';
import { rowOf, type Matrix } from '../matrix';
import { nearestNeighbors } from '../neighbors';
import { checkAborted, type RunControl } from '../run';

/** Neighbours that a text is drawn towards. */
const neighbors = 10;
/** Share of a text's target that its neighbours make up. */
const pull = 0.5;
/** Neighbours count by their cosine to this power, so that a chance resemblance counts little. */
const cosinePower = 3;
/** Ridge penalty per text: keeps the map near what the texts support. */
const penaltyPerText = 1e-3;

/**
 * Learns a linear map that draws texts towards their nearest neighbours: ridge regression from each text's
 * vector to the mean of its own and its neighbours' vectors. Directions that neighbours share grow and those
 * on which they differ shrink, as in relevant component analysis (Bar-Hillel et al., 2003), with neighbours in
 * place of given pairs.
 * @param data n × d, rows of unit length.
 * @returns d × d: a row vector times this is the mapped vector; undefined when there is nobody to be drawn to.
 */
export async function fitNeighborhoodMap(
  data: Matrix,
  random: Random,
  control?: RunControl,
): Promise<Matrix | undefined> {
  const { n, d } = data;
  if (n < 3) return undefined;
  // The row itself comes first among its neighbours.
  const graph = await nearestNeighbors(
    data,
    { neighbors: Math.min(neighbors + 1, n), metric: 'cosine' },
    random,
    control,
  );
  const moments = new Float64Array(d * d);
  const products = new Float64Array(d * d);
  const target = new Float64Array(d);
  for (let row = 0; row < n; row++) {
    if (row % 256 === 0) checkAborted(control);
    const own = rowOf(data, row);
    drawTowards(data, row, graph.indices.subarray(row * graph.k, (row + 1) * graph.k), target);
    for (let i = 0; i < d; i++) {
      const value = own[i]!;
      for (let j = 0; j <= i; j++) moments[i * d + j]! += value * own[j]!;
      for (let j = 0; j < d; j++) products[i * d + j]! += value * target[j]!;
    }
  }
  for (let i = 0; i < d; i++) moments[i * d + i]! += penaltyPerText * n;
  solveSymmetric(moments, products, d);
  return { values: Float32Array.from(products), n: d, d };
}

function drawTowards(data: Matrix, row: number, neighborsOfRow: Int32Array, target: Float64Array): void {
  const own = rowOf(data, row);
  target.fill(0);
  for (const neighbor of neighborsOfRow) {
    if (neighbor === row) continue;
    const other = rowOf(data, neighbor);
    let cosine = 0;
    for (let column = 0; column < data.d; column++) cosine += own[column]! * other[column]!;
    const weight = Math.max(0, cosine) ** cosinePower;
    for (let column = 0; column < data.d; column++) target[column]! += weight * other[column]!;
  }
  let square = 0;
  for (const value of target) square += value * value;
  const scale = square > 0 ? pull / Math.sqrt(square) : 0;
  square = 0;
  for (let column = 0; column < data.d; column++) {
    const value = (1 - pull) * own[column]! + scale * target[column]!;
    target[column] = value;
    square += value * value;
  }
  const length = square > 0 ? 1 / Math.sqrt(square) : 0;
  for (let column = 0; column < data.d; column++) target[column]! *= length;
}

/** Solves A X = B for a positive definite A (lower half given) by Cholesky; B becomes X. */
function solveSymmetric(a: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) addRow(b, n, i, k, -a[i * n + k]!);
    scaleRow(b, n, i, 1 / a[i * n + i]!);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) addRow(b, n, i, k, -a[k * n + i]!);
    scaleRow(b, n, i, 1 / a[i * n + i]!);
  }
}

function addRow(matrix: Float64Array, n: number, to: number, from: number, factor: number): void {
  for (let column = 0; column < n; column++) matrix[to * n + column]! += factor * matrix[from * n + column]!;
}

function scaleRow(matrix: Float64Array, n: number, row: number, factor: number): void {
  for (let column = 0; column < n; column++) matrix[row * n + column]! *= factor;
}
