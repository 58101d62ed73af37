export {
  adjacencyFromEdges,
  reverse,
  sourcesOf,
  undirected,
  type Adjacency,
  type EdgeList,
} from './adjacency';
export { centralitiesOf, type Centralities } from './centralities';
export { clusteringCoefficients } from './clusteringCoefficients';
export { communitiesOf, type Communities } from './communities';
export { coreNumbers } from './coreNumbers';
export { cutPoints, type CutPoints } from './cutPoints';
export { breadthFirst, distancesFrom, type BreadthFirstTree } from './distances';
export { hubsAndAuthorities, type HubsAndAuthorities } from './hubsAndAuthorities';
export { layersOf, type Layers } from './layers';
export { personalisedPageRank, type RandomWalkOptions } from './randomWalk';
export { reachableCounts, reachableSums } from './reachableSums';
export { strongComponents, type StrongComponents } from './strongComponents';
