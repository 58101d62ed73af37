import type { Random } from '../../contracts';
import { breathe, type RunControl } from '../run';
import { symmetricEigen } from './symmetricEigen';

/**
 * The largest eigenpairs of a symmetric operator that is known only by its products: Lanczos with full
 * reorthogonalisation and thick restarts (Wu and Simon, SIAM J. Matrix Anal. Appl. 22(2), 2000).
 */
export interface SymmetricOperator {
  readonly n: number;
  /** Writes the product with `input` to `output`. */
  apply(input: Float64Array, output: Float64Array): void;
}

export interface EigenpairOptions {
  readonly count: number;
  /** Length of the residual, relative to the largest eigenvalue's size, at which a pair is good enough. */
  readonly tolerance: number;
  /** Vectors kept between restarts are a part of these. Default 2 · count + 20. */
  readonly basisSize?: number;
  readonly maximumRestarts?: number;
  /** Unit vectors, orthogonal to each other, that the answer has to be orthogonal to. */
  readonly deflated?: readonly Float64Array[];
}

export interface Eigenpairs {
  /** Descending. */
  readonly values: Float64Array;
  /** Unit vectors of length n, in the order of the values. */
  readonly vectors: Float64Array[];
  readonly converged: boolean;
}

const defaultRestarts = 300;
/** A new direction shorter than this is rounding error: the basis spans an invariant subspace. */
const breakdown = 1e-12;

/** @throws ABORTED. The count is cut to what the operator's size allows. */
export async function largestEigenpairs(
  operator: SymmetricOperator,
  options: EigenpairOptions,
  random: Random,
  control?: RunControl,
): Promise<Eigenpairs> {
  const { n } = operator;
  const deflated = options.deflated ?? [];
  const room = n - deflated.length;
  const count = Math.min(options.count, room);
  const size = Math.min(room, Math.max(options.basisSize ?? 2 * count + 20, count + 2));
  const restarts = options.maximumRestarts ?? defaultRestarts;
  let basis: Float64Array[] = [];
  let projected = new Float64Array(size * size);
  const work = new Float64Array(n);
  let next = freshDirection(n, basis, deflated, random);

  for (let restart = 0; ; restart++) {
    let residual = 0;
    while (basis.length < size) {
      const j = basis.length;
      basis.push(next);
      operator.apply(next, work);
      const coefficients = orthogonalize(work, basis, deflated);
      for (let i = 0; i <= j; i++) {
        projected[i * size + j] = coefficients[i]!;
        projected[j * size + i] = coefficients[i]!;
      }
      residual = length(work);
      if (residual > breakdown) {
        next = work.map((value) => value / residual);
      } else {
        residual = 0;
        if (basis.length < size) next = freshDirection(n, basis, deflated, random);
      }
    }
    const { values, vectors } = symmetricEigen(projected, size);
    const scale = Math.max(Math.abs(values[0]!), Number.MIN_VALUE);
    let converged = 0;
    while (
      converged < count &&
      Math.abs(residual * vectors[converged * size + size - 1]!) <= options.tolerance * scale
    ) {
      converged++;
    }
    const done = converged === count || size === room;
    const kept = done || restart === restarts ? count : keptVectors(count, converged, size);
    const ritz = Array.from({ length: kept }, (_, i) =>
      combine(basis, vectors.subarray(i * size, (i + 1) * size), n),
    );
    if (done || restart === restarts) {
      return { values: values.slice(0, count), vectors: ritz, converged: done };
    }
    projected = new Float64Array(size * size);
    for (let i = 0; i < kept; i++) projected[i * size + i] = values[i]!;
    basis = ritz;
    await breathe(control);
  }
}

/** Half of the room beyond the wanted vectors, and the converged ones besides, speed up the next round. */
function keptVectors(count: number, converged: number, size: number): number {
  return Math.min(count + Math.floor((size - count) / 2) + Math.floor(converged / 2), size - 2);
}

function freshDirection(
  n: number,
  basis: readonly Float64Array[],
  deflated: readonly Float64Array[],
  random: Random,
): Float64Array {
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = random.normal();
  orthogonalize(direction, basis, deflated);
  const size = length(direction);
  return direction.map((value) => value / size);
}

/** Takes away the parts along the basis, twice for full precision; returns the coefficients of the basis. */
function orthogonalize(
  vector: Float64Array,
  basis: readonly Float64Array[],
  deflated: readonly Float64Array[],
): Float64Array {
  const coefficients = new Float64Array(basis.length);
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of deflated) subtractProjection(vector, direction);
    for (let i = 0; i < basis.length; i++) coefficients[i]! += subtractProjection(vector, basis[i]!);
  }
  return coefficients;
}

function subtractProjection(vector: Float64Array, direction: Float64Array): number {
  let product = 0;
  for (let i = 0; i < vector.length; i++) product += vector[i]! * direction[i]!;
  for (let i = 0; i < vector.length; i++) vector[i]! -= product * direction[i]!;
  return product;
}

function combine(basis: readonly Float64Array[], coefficients: Float64Array, n: number): Float64Array {
  const sum = new Float64Array(n);
  basis.forEach((vector, j) => {
    const coefficient = coefficients[j]!;
    for (let i = 0; i < n; i++) sum[i]! += coefficient * vector[i]!;
  });
  return sum;
}

function length(vector: Float64Array): number {
  let square = 0;
  for (const value of vector) square += value * value;
  return Math.sqrt(square);
}
