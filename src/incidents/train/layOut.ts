import { noiseCluster, type Random } from '../../contracts';
import { fitUmap } from '../../learn/manifold';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { stratifiedSample, takeRows } from './clusterMembers';

/** A sample of rows in two dimensions, and the centre of each cluster there. */
export interface FittedLayout {
  readonly rows: Int32Array;
  /** rows × 2 */
  readonly positions: Float32Array;
  readonly centers: readonly (readonly [number, number])[];
}

/** As many dots as a map on a screen can show apart. */
const mapRows = 2_000;
const mapNeighbors = 15;
/** Enough room between the dots of a cluster to point at one. */
const mapDistance = 0.3;
/** umap-learn's for large data: the start is good already, the input being reduced. */
const mapEpochs = 200;
/** Below this a neighbourhood graph says nothing. */
const fewestRows = 10;

/**
 * A second UMAP, from the reduced space to two dimensions: its neighbours are the clusterer's neighbours, so the
 * clusters stay apart as they were found, and five columns instead of hundreds make it cheap.
 *
 * @param reduced n × r, what the clusterer saw
 */
export async function layOut(
  reduced: Matrix,
  labels: Int32Array,
  clusters: number,
  random: Random,
  control: RunControl,
): Promise<FittedLayout> {
  const { rows } = stratifiedSample(labels, { size: mapRows, minimumPerCluster: 5 }, random.fork('rows'));
  const positions =
    rows.length < fewestRows
      ? firstTwoColumns(takeRows(reduced, rows))
      : (
          await fitUmap(
            takeRows(reduced, rows),
            {
              components: 2,
              neighbors: Math.min(mapNeighbors, rows.length - 1),
              minimumDistance: mapDistance,
              metric: 'euclidean',
              epochs: mapEpochs,
            },
            random.fork('umap'),
            control,
          )
        ).embedding.values;
  return { rows, positions, centers: layoutCenters(rows, positions, labels, clusters) };
}

/** Mean position of the sampled members of each cluster. */
function layoutCenters(
  rows: Int32Array,
  positions: Float32Array,
  labels: Int32Array,
  clusters: number,
): [number, number][] {
  const sums = Array.from({ length: clusters }, () => ({ x: 0, y: 0, count: 0 }));
  rows.forEach((row, index) => {
    const label = labels[row]!;
    if (label === noiseCluster) return;
    const sum = sums[label]!;
    sum.x += positions[2 * index]!;
    sum.y += positions[2 * index + 1]!;
    sum.count++;
  });
  return sums.map(({ x, y, count }) => (count > 0 ? [x / count, y / count] : [0, 0]));
}

function firstTwoColumns(data: Matrix): Float32Array {
  const positions = new Float32Array(2 * data.n);
  for (let row = 0; row < data.n; row++) {
    positions[2 * row] = data.values[row * data.d]!;
    positions[2 * row + 1] = data.d > 1 ? data.values[row * data.d + 1]! : 0;
  }
  return positions;
}
