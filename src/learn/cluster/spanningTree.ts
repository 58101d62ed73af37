import type { Matrix } from '../matrix';
import type { RunControl } from '../run';
import { DisjointSets } from './disjointSets';
import { rowOrderedTree, type Neighborhoods, type SpanningTree } from './rowOrderedTree';
import { fillTree, orderByTree } from './spatialTree';
import { allocateTree } from './treeKernel';
import { layoutTree, pointsPerLeaf, type SpanningLayout, type TreeLayout } from './treeLayout';
import { openPhases, type Phases } from './treePhases';

/** Which of several equal edges comes first. */
export type TieOrder = 'row' | 'distance';

export interface Reachability {
  readonly tree: SpanningTree;
  /** Distance of every row to its min_samples-th neighbour, itself not counted. */
  readonly coreDistances: Float64Array;
  /** The same with the row itself counted: what prediction holds new points against. */
  readonly predictionCoreDistances: Float64Array;
  /** Row at each position of the kd-tree. */
  readonly order: Int32Array;
}

/**
 * Borůvka's algorithm over a kd-tree (March, Ram and Gray 2010; McInnes and Healy 2017): in every round each
 * component finds its lightest edge outwards. Two things keep rounds cheap. The neighbour lists that give the
 * core distances already hold the nearest reachable point of most points. And what a round learns about a
 * point, its nearest outside point or a lower bound, stays true while components only grow, so a point is
 * searched again only if it could beat what its component has.
 *
 * Of edges with equal weight the search takes the one whose ends are nearer: mutual reachability alone is full of
 * ties (all that lies within a core distance), and so its tree does not depend on the order of rows.
 */
export async function spanReachability(
  data: Matrix,
  minSamples: number,
  ties: TieOrder,
  control: RunControl,
): Promise<Reachability> {
  const { n, d } = data;
  const neighborCount = minSamples + 1;
  const order = orderByTree(data);
  const threads = control.threads?.size ?? 1;
  const layout = layoutTree({ n, d, nearest: neighborCount, threads, neighborCount });
  const memory = allocateTree(layout);
  fillTree(memory, layout, data, order);
  const spanning = layout.spanning!;
  const phases = openPhases(memory, layout, control);
  const round = new BoruvkaRound(memory.buffer, layout, spanning);

  await phases.run('cores', n, 'core distances');
  round.begin();
  while (round.componentCount > 1) {
    await searchRound(round, phases, n);
    control.onProgress?.({ stage: 'spanning tree', done: round.edgeCount, total: n - 1 });
  }

  const cores = new Float64Array(memory.buffer, spanning.coreDistances, n).map(Math.sqrt);
  const squaredPredictionCores = new Float64Array(memory.buffer, spanning.predictionCoreDistances, n);
  const coreDistances = new Float64Array(n);
  const predictionCoreDistances = new Float64Array(n);
  for (let position = 0; position < n; position++) {
    coreDistances[order[position]!] = cores[position]!;
    predictionCoreDistances[order[position]!] = Math.sqrt(squaredPredictionCores[position]!);
  }
  const tree =
    ties === 'distance'
      ? round.tree(order)
      : rowOrderedTree({
          n,
          order,
          neighbors: new Int32Array(memory.buffer, spanning.neighbors, n * neighborCount),
          neighborCount,
          coreDistances: cores,
          ...round.edges(),
        });
  return { tree, coreDistances, predictionCoreDistances, order };
}

async function searchRound(round: BoruvkaRound, phases: Phases, n: number): Promise<void> {
  await phases.run('renew', n);
  round.gatherBest();
  // The most promising point of each component first: its edge bounds the searches of all others.
  const scouts = round.selectScouts();
  if (scouts > 0) {
    await phases.run('search', scouts);
    round.gatherBest();
    const rest = round.selectWork();
    if (rest > 0) {
      await phases.run('search', rest);
      round.gatherBest();
    }
  }
  round.merge();
}

/** State between the passes of a round: components, their best edges, and the edges found so far. */
class BoruvkaRound {
  componentCount: number;
  edgeCount = 0;
  private readonly n: number;
  private readonly sets: DisjointSets;
  private readonly layout: TreeLayout;
  private readonly components: Int32Array;
  private readonly nodeComponents: Int32Array;
  private readonly nodeCores: Float64Array;
  private readonly cores: Float64Array;
  private readonly candidates: Int32Array;
  private readonly candidateReach: Float64Array;
  private readonly candidateDistance: Float64Array;
  private readonly boundReach: Float64Array;
  private readonly boundDistance: Float64Array;
  private readonly bestReach: Float64Array;
  private readonly bestDistance: Float64Array;
  private readonly work: Int32Array;
  /** Point whose candidate is the component's best edge, by component. */
  private readonly bestPoint: Int32Array;
  private readonly edgeFrom: Int32Array;
  private readonly edgeTo: Int32Array;
  private readonly edgeReach: Float64Array;
  private readonly edgeDistance: Float64Array;

  constructor(memory: ArrayBufferLike, layout: TreeLayout, spanning: SpanningLayout) {
    const n = layout.n;
    this.n = n;
    this.sets = new DisjointSets(n);
    this.layout = layout;
    this.componentCount = n;
    this.components = new Int32Array(memory, spanning.components, n);
    this.nodeComponents = new Int32Array(memory, spanning.nodeComponents, layout.nodes);
    this.nodeCores = new Float64Array(memory, spanning.nodeCores, layout.nodes);
    this.cores = new Float64Array(memory, spanning.coreDistances, n);
    this.candidates = new Int32Array(memory, spanning.candidates, n);
    this.candidateReach = new Float64Array(memory, spanning.candidateReach, n);
    this.candidateDistance = new Float64Array(memory, spanning.candidateDistance, n);
    this.boundReach = new Float64Array(memory, spanning.boundReach, n);
    this.boundDistance = new Float64Array(memory, spanning.boundDistance, n);
    this.bestReach = new Float64Array(memory, spanning.bestReach, n);
    this.bestDistance = new Float64Array(memory, spanning.bestDistance, n);
    this.work = new Int32Array(memory, spanning.work, n);
    this.bestPoint = new Int32Array(n);
    this.edgeFrom = new Int32Array(n - 1);
    this.edgeTo = new Int32Array(n - 1);
    this.edgeReach = new Float64Array(n - 1);
    this.edgeDistance = new Float64Array(n - 1);
  }

  /** Every point is its own component; nothing reaches a point from nearer than its core distance. */
  begin(): void {
    for (let point = 0; point < this.n; point++) this.components[point] = point;
    this.boundReach.set(this.cores);
    this.boundDistance.fill(0);
    this.candidates.fill(-1);
    this.describeNodes();
  }

  gatherBest(): void {
    const { components, candidates, candidateReach, candidateDistance, bestReach, bestDistance } = this;
    bestReach.fill(Infinity);
    bestDistance.fill(Infinity);
    this.bestPoint.fill(-1);
    for (let point = 0; point < this.n; point++) {
      if (candidates[point]! < 0) continue;
      const component = components[point]!;
      const reach = candidateReach[point]!;
      const distance = candidateDistance[point]!;
      if (
        reach < bestReach[component]! ||
        (reach === bestReach[component]! && distance < bestDistance[component]!)
      ) {
        bestReach[component] = reach;
        bestDistance[component] = distance;
        this.bestPoint[component] = point;
      }
    }
  }

  /** Puts one point of each component that still needs a search on the work list: the one with the lowest bound. */
  selectScouts(): number {
    const scout = new Int32Array(this.n).fill(-1);
    for (let point = 0; point < this.n; point++) {
      if (!this.mayImprove(point)) continue;
      const component = this.components[point]!;
      const held = scout[component]!;
      if (held < 0 || this.boundReach[point]! < this.boundReach[held]!) scout[component] = point;
    }
    let count = 0;
    for (let component = 0; component < this.n; component++) {
      if (scout[component]! >= 0) this.work[count++] = scout[component]!;
    }
    return count;
  }

  selectWork(): number {
    let count = 0;
    for (let point = 0; point < this.n; point++) {
      if (this.mayImprove(point)) this.work[count++] = point;
    }
    return count;
  }

  private mayImprove(point: number): boolean {
    const component = this.components[point]!;
    const bound = this.boundReach[point]!;
    const best = this.bestReach[component]!;
    return bound < best || (bound === best && this.boundDistance[point]! < this.bestDistance[component]!);
  }

  /** Adds every component's best edge that still joins two components, and renames the components. */
  merge(): void {
    const { sets } = this;
    for (let component = 0; component < this.n; component++) {
      if (this.components[component] !== component) continue;
      const from = this.bestPoint[component]!;
      const to = this.candidates[from]!;
      const fromRoot = sets.find(from);
      const toRoot = sets.find(to);
      // Components that chose the same edge, or equal edges in a ring, are joined already.
      if (fromRoot === toRoot) continue;
      sets.joinInto(Math.min(fromRoot, toRoot), Math.max(fromRoot, toRoot));
      this.edgeFrom[this.edgeCount] = from;
      this.edgeTo[this.edgeCount] = to;
      this.edgeReach[this.edgeCount] = this.candidateReach[from]!;
      this.edgeDistance[this.edgeCount] = this.candidateDistance[from]!;
      this.edgeCount++;
    }
    this.componentCount = this.n - this.edgeCount;
    for (let point = 0; point < this.n; point++) this.components[point] = sets.find(point);
    this.describeNodes();
  }

  /** The component of each node that lies wholly in one (else −1), and each node's least core distance. */
  private describeNodes(): void {
    const { components, nodeComponents, nodeCores, cores } = this;
    const describe = (node: number, fromLeaf: number, toLeaf: number): void => {
      if (toLeaf - fromLeaf === 1) {
        const from = fromLeaf * pointsPerLeaf;
        const to = Math.min(this.n, from + pointsPerLeaf);
        let component = components[from]!;
        let core = cores[from]!;
        for (let point = from + 1; point < to; point++) {
          if (components[point] !== component) component = -1;
          if (cores[point]! < core) core = cores[point]!;
        }
        nodeComponents[node] = component;
        nodeCores[node] = core;
        return;
      }
      const middleLeaf = (fromLeaf + toLeaf) >> 1;
      const left = node + 1;
      const right = node + 2 * (middleLeaf - fromLeaf);
      describe(left, fromLeaf, middleLeaf);
      describe(right, middleLeaf, toLeaf);
      nodeComponents[node] = nodeComponents[left] === nodeComponents[right] ? nodeComponents[left]! : -1;
      nodeCores[node] = Math.min(nodeCores[left]!, nodeCores[right]!);
    };
    describe(0, 0, this.layout.leaves);
  }

  edges(): Pick<Neighborhoods, 'edgeFrom' | 'edgeTo' | 'edgeWeights'> {
    const { edgeFrom, edgeTo, edgeReach } = this;
    return { edgeFrom, edgeTo, edgeWeights: edgeReach.map(Math.sqrt) };
  }

  /** The edges by weight, then by plain distance. */
  tree(order: Int32Array): SpanningTree {
    const { edgeReach, edgeDistance } = this;
    const low = this.edgeFrom.map((from, edge) => Math.min(order[from]!, order[this.edgeTo[edge]!]!));
    const high = this.edgeFrom.map((from, edge) => Math.max(order[from]!, order[this.edgeTo[edge]!]!));
    const byWeight = Int32Array.from({ length: this.edgeCount }, (_, edge) => edge).sort(
      (a, b) =>
        edgeReach[a]! - edgeReach[b]! ||
        edgeDistance[a]! - edgeDistance[b]! ||
        low[a]! - low[b]! ||
        high[a]! - high[b]!,
    );
    return {
      from: byWeight.map((edge) => low[edge]!),
      to: byWeight.map((edge) => high[edge]!),
      weights: Float64Array.from(byWeight, (edge) => Math.sqrt(edgeReach[edge]!)),
    };
  }
}
