import { seededRandom, type Random } from '../../../contracts';
import { instantiateKernel } from '../../kernels';
import { DecayingReservoir } from './decayingReservoir';
import { paddedWidth, RandomCutTree, recordsAt } from './randomCutTree';

/** What a forest of random cut trees is made with. */
export interface CutForestShape {
  /** Columns of a point. */
  readonly d: number;
  readonly trees: number;
  readonly samples: number;
  /** How fast old points leave: the weight of a point falls by a factor of e every 1 / `decay` points. */
  readonly decay: number;
  readonly seed: number;
}

interface Member {
  readonly tree: RandomCutTree;
  readonly reservoir: DecayingReservoir;
  /** Leaf of the point in each slot of the reservoir. */
  readonly leaves: Int32Array;
  readonly random: Random;
}

/** Functions of assembly/randomCutForest.ts. */
interface ForestFunctions {
  score(
    trees: number,
    treeBytes: number,
    count: number,
    records: number,
    point: number,
    width: number,
  ): number;
}

/** Trees over samples of the points so far. Memory is that of the samples, however many points have been. */
export class CutForest {
  private readonly members: readonly Member[];
  private readonly functions: ForestFunctions;
  private readonly start: number;
  private readonly pointAt: number;
  private readonly point: Float32Array;
  private readonly memory: ArrayBuffer;

  /** An empty forest, or one as it was when `bytes` were taken of it; its randomness then begins anew. */
  constructor(
    private readonly shape: CutForestShape,
    bytes?: Uint8Array,
  ) {
    const { d, trees, samples, decay, seed } = shape;
    const { functions, memory } = instantiateKernel<ForestFunctions>('randomCutForest');
    this.functions = functions;
    this.pointAt = memory.allocate(paddedWidth(d) * 4);
    this.start = memory.allocate(CutForest.bytesFor(shape));
    // Taken once all is allocated: growing the memory gives it another buffer.
    this.memory = memory.uint32(this.start, 0).buffer as ArrayBuffer;
    this.point = new Float32Array(this.memory, this.pointAt, d);
    if (bytes) new Uint8Array(this.memory, this.start, bytes.length).set(bytes);
    const random = seededRandom(seed);
    const treeBytes = RandomCutTree.bytesFor(d, samples);
    const reservoirBytes = DecayingReservoir.bytesFor(samples);
    this.members = Array.from({ length: trees }, (_, member) => {
      const at = this.start + member * memberBytes(shape);
      return {
        tree: new RandomCutTree(d, samples, this.memory, at),
        reservoir: new DecayingReservoir(samples, decay, this.memory, at + treeBytes),
        leaves: new Int32Array(this.memory, at + treeBytes + reservoirBytes, samples),
        random: random.fork(member),
      };
    });
  }

  static bytesFor(shape: CutForestShape): number {
    return shape.trees * memberBytes(shape);
  }

  toBytes(): Uint8Array {
    return new Uint8Array(this.memory, this.start, CutForest.bytesFor(this.shape)).slice();
  }

  copy(): CutForest {
    return new CutForest(this.shape, new Uint8Array(this.memory, this.start, CutForest.bytesFor(this.shape)));
  }

  /** Mean over the trees of the point's expected collusive displacement; nothing changes. */
  score(point: Float32Array): number {
    const { d, trees, samples } = this.shape;
    this.point.set(point);
    return this.functions.score(
      this.start,
      memberBytes(this.shape),
      trees,
      recordsAt(samples),
      this.pointAt,
      paddedWidth(d) * 4,
    );
  }

  /** Each column's share of the score, by which of them the cuts would be in. */
  explain(point: Float32Array): Float64Array {
    const shares = new Float64Array(this.shape.d);
    for (const { tree } of this.members) tree.expectedDisplacement(point, shares);
    return shares.map((share) => share / this.members.length);
  }

  insert(point: Float32Array): void {
    for (const { tree, reservoir, leaves, random } of this.members) {
      const before = reservoir.size;
      const slot = reservoir.offer(random);
      if (slot < 0) continue;
      if (reservoir.size === before) tree.remove(leaves[slot]!);
      leaves[slot] = tree.insert(point, random);
    }
  }
}

function memberBytes({ d, samples }: CutForestShape): number {
  const bytes = RandomCutTree.bytesFor(d, samples) + DecayingReservoir.bytesFor(samples) + samples * 4;
  // The kernel loads sixteen bytes at a time.
  return Math.ceil(bytes / 16) * 16;
}
