export {
  adjacencyFromEdges,
  reverse,
  sourcesOf,
  undirected,
  type Adjacency,
  type EdgeList,
} from './adjacency';
export { breadthFirst, distancesFrom, type BreadthFirstTree } from './distances';
export { personalisedPageRank, type RandomWalkOptions } from './randomWalk';
export { strongComponents, type StrongComponents } from './strongComponents';
