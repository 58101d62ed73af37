import type { NeighborGraph } from '../neighbors';

/**
 * The local metric of every point: `rho`, the distance to its nearest neighbour, and `sigma`, the bandwidth that
 * gives its fuzzy set of neighbours the size log2(k) (McInnes, Healy and Melville 2018, section 3.1; umap-learn
 * `smooth_knn_dist`).
 */
export interface LocalMetric {
  readonly sigmas: Float64Array;
  readonly rhos: Float64Array;
}

const bisections = 64;
const tolerance = 1e-5;
/** A bandwidth is at least this share of the mean distance, so that duplicates do not cut a point off. */
const leastShareOfMean = 1e-3;

/**
 * @param distances distances to the neighbours, `n × k`; the first of each row is left out of the fuzzy set.
 * @param meanDistance mean of all distances, for rows whose nearest neighbour is at distance 0.
 */
export function smoothDistances(
  { n, k, distances }: NeighborGraph,
  localConnectivity: number,
  meanDistance: number,
): LocalMetric {
  const sigmas = new Float64Array(n);
  const rhos = new Float64Array(n);
  for (let row = 0; row < n; row++) {
    const ofRow = distances.subarray(row * k, (row + 1) * k);
    const rho = localRadius(ofRow, localConnectivity);
    const mean = rho > 0 ? meanOf(ofRow) : meanDistance;
    rhos[row] = rho;
    sigmas[row] = Math.max(bandwidth(ofRow, rho, Math.log2(k)), leastShareOfMean * mean);
  }
  return { sigmas, rhos };
}

/** Distance to the `localConnectivity`-th neighbour that is not a duplicate, interpolated. */
function localRadius(distances: Float32Array, localConnectivity: number): number {
  let zeros = 0;
  while (zeros < distances.length && !(distances[zeros]! > 0)) zeros++;
  const positives = distances.length - zeros;
  if (positives === 0) return 0;
  if (positives < localConnectivity) return distances.at(-1)!;
  const whole = Math.floor(localConnectivity);
  const fraction = localConnectivity - whole;
  if (whole === 0) return fraction * distances[zeros]!;
  const radius = distances[zeros + whole - 1]!;
  // At exactly as many neighbours as asked for there is no next one to lean towards.
  if (fraction <= tolerance || whole >= positives) return radius;
  return radius + fraction * (distances[zeros + whole]! - radius);
}

function bandwidth(distances: Float32Array, rho: number, target: number): number {
  let low = 0;
  let high = Infinity;
  let middle = 1;
  for (let step = 0; step < bisections; step++) {
    let size = 0;
    for (let j = 1; j < distances.length; j++) {
      const excess = distances[j]! - rho;
      size += excess > 0 ? Math.exp(-excess / middle) : 1;
    }
    if (Math.abs(size - target) < tolerance) break;
    if (size > target) {
      high = middle;
      middle = (low + high) / 2;
    } else {
      low = middle;
      middle = high === Infinity ? middle * 2 : (low + high) / 2;
    }
  }
  return middle;
}

export function meanOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
