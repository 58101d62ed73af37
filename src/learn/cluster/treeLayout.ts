/** Where everything of one kd-tree lies in the linear memory that the spatialTree kernel works on. */

/** Points in a leaf: eight SIMD lanes of four. The kernel has the same number. */
export const pointsPerLeaf = 32;

/** Memory below this address is the kernel's own. */
const memoryStart = 4096;
const alignment = 16;
const pageBytes = 65_536;
/** Entries of a search stack; a tree of 2^31 points is 27 levels deep and a level leaves one entry behind. */
const stackEntries = 64;
const stackEntryBytes = 16;

/** What one thread needs for itself. */
export interface ScratchLayout {
  readonly query: number;
  readonly stack: number;
  readonly nearestDistances: number;
  readonly nearestPositions: number;
  readonly ownReach: number;
  readonly ownDistance: number;
  readonly touched: number;
}

/** What the spanning tree needs beside the tree; one entry per point unless said. */
export interface SpanningLayout {
  /** Neighbours kept per point, the point among them. */
  readonly neighborCount: number;
  readonly neighbors: number;
  readonly coreDistances: number;
  readonly predictionCoreDistances: number;
  readonly components: number;
  /** One entry per node. */
  readonly nodeComponents: number;
  /** One entry per node. */
  readonly nodeCores: number;
  readonly candidates: number;
  readonly candidateReach: number;
  readonly candidateDistance: number;
  readonly boundReach: number;
  readonly boundDistance: number;
  readonly bestReach: number;
  readonly bestDistance: number;
  readonly work: number;
  /** Two counters: the next block to take, and whether to stop. */
  readonly control: number;
}

export interface TreeLayout {
  readonly n: number;
  readonly d: number;
  readonly leaves: number;
  readonly nodes: number;
  readonly points: number;
  readonly boxes: number;
  /** A word per leaf: points that no cluster has claimed. */
  readonly remaining: number;
  readonly spanning: SpanningLayout | undefined;
  readonly scratch: readonly ScratchLayout[];
  readonly bytes: number;
}

export interface TreeShape {
  readonly n: number;
  readonly d: number;
  /** The most neighbours a search may ask for. */
  readonly nearest: number;
  readonly threads: number;
  /** Neighbours kept per point, when a spanning tree is to be built. */
  readonly neighborCount?: number;
}

export function paddedDimensions(d: number): number {
  return (d + 3) & ~3;
}

export function layoutTree({ n, d, nearest, threads, neighborCount }: TreeShape): TreeLayout {
  let end = memoryStart;
  const take = (bytes: number): number => {
    const at = end;
    end += Math.ceil(bytes / alignment) * alignment;
    return at;
  };
  const leaves = Math.ceil(n / pointsPerLeaf);
  const nodes = 2 * leaves - 1;
  const points = take(leaves * pointsPerLeaf * d * 4);
  const boxes = take(nodes * paddedDimensions(d) * 2 * 4);
  const remaining = take(leaves * 4);
  const spanning: SpanningLayout | undefined =
    neighborCount === undefined
      ? undefined
      : {
          neighborCount,
          neighbors: take(n * neighborCount * 4),
          coreDistances: take(n * 8),
          predictionCoreDistances: take(n * 8),
          components: take(n * 4),
          nodeComponents: take(nodes * 4),
          nodeCores: take(nodes * 8),
          candidates: take(n * 4),
          candidateReach: take(n * 8),
          candidateDistance: take(n * 8),
          boundReach: take(n * 8),
          boundDistance: take(n * 8),
          bestReach: take(n * 8),
          bestDistance: take(n * 8),
          work: take(n * 4),
          control: take(8),
        };
  const roundEntries = spanning ? n : 0;
  const scratch = Array.from({ length: threads }, () => ({
    query: take(paddedDimensions(d) * 4),
    stack: take(stackEntries * stackEntryBytes),
    nearestDistances: take(nearest * 8),
    nearestPositions: take(nearest * 4),
    ownReach: take(roundEntries * 8),
    ownDistance: take(roundEntries * 8),
    touched: take(roundEntries * 4),
  }));
  return { n, d, leaves, nodes, points, boxes, remaining, spanning, scratch, bytes: end };
}

export function pagesFor(layout: TreeLayout): number {
  return Math.ceil(layout.bytes / pageBytes);
}
