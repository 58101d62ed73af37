import type { FaultData } from './faultCase';

/** What others reported on these data sets: printed beside, never computed with. */
export interface PublishedFigure {
  readonly dataSet: FaultData['dataSet'];
  readonly kind: string;
  readonly method: string;
  readonly top1: number;
  readonly top3: number;
}

/** PetShop's own baseline counts both splits of the data set; only one may be at hand. */
const traversal = 'graph traversal + MAD, published';

export const publishedFigures: readonly PublishedFigure[] = [
  { dataSet: 'petshop', kind: 'low-traffic latency', method: traversal, top1: 0.57, top3: 0.57 },
  { dataSet: 'petshop', kind: 'high-traffic latency', method: traversal, top1: 0.57, top3: 0.79 },
  { dataSet: 'petshop', kind: 'low-traffic availability', method: traversal, top1: 0.83, top3: 1 },
  { dataSet: 'petshop', kind: 'high-traffic availability', method: traversal, top1: 0.67, top3: 1 },
  {
    dataSet: 'online_boutique',
    kind: 'all',
    method: 'Nezha with logs and traces, published',
    top1: 0.9286,
    top3: 0.9643,
  },
  { dataSet: 'online_boutique', kind: 'all', method: 'n-sigma, published', top1: 0.36, top3: 0.57 },
];
