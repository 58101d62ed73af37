export { nearestNeighbors } from './nearestNeighbors';
export type { NeighborOptions } from './nearestNeighbors';
export { searchNeighbors } from './searchNeighbors';
export type { SearchOptions } from './searchNeighbors';
export type { NeighborGraph } from './neighborGraph';
export { distanceOf, metrics } from './metric';
export type { Metric } from './metric';
export { neighborRanks } from './neighborRanks';
export type { RankQuestion } from './neighborRanks';
