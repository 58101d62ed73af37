import { noiseCluster } from '../../contracts';
import type { Matrix } from '../../learn/matrix';

/**
 * Labels with every noise row put to the cluster whose centre is nearest in the reduced space. The reduced space
 * has already drawn a ticket towards its kind, so the plain centre does better there than votes or classifiers in
 * the embedding space did.
 */
export function assignToNearest(data: Matrix, labels: Int32Array, clusters: number): Int32Array {
  if (clusters === 0) return labels.slice();
  const { values, d } = data;
  const centers = new Float64Array(clusters * d);
  const sizes = new Float64Array(clusters);
  labels.forEach((label, row) => {
    if (label === noiseCluster) return;
    sizes[label]!++;
    for (let column = 0; column < d; column++) centers[label * d + column]! += values[row * d + column]!;
  });
  for (let index = 0; index < centers.length; index++) centers[index]! /= sizes[Math.floor(index / d)]!;
  return labels.map((label, row) => {
    if (label !== noiseCluster) return label;
    let nearest = 0;
    let least = Infinity;
    for (let cluster = 0; cluster < clusters; cluster++) {
      let distance = 0;
      for (let column = 0; column < d; column++) {
        distance += (values[row * d + column]! - centers[cluster * d + column]!) ** 2;
      }
      if (distance < least) {
        least = distance;
        nearest = cluster;
      }
    }
    return nearest;
  });
}
