import { seededRandom, type Random } from '../../../contracts';
import { DecayingReservoir } from './decayingReservoir';
import { RandomCutTree } from './randomCutTree';

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

/** Trees over samples of the points so far. Memory is that of the samples, however many points have been. */
export class CutForest {
  private readonly members: readonly Member[];

  /** An empty forest, or one as it was when `memory` was copied; its randomness then begins anew. */
  constructor(
    private readonly shape: CutForestShape,
    readonly memory: ArrayBuffer = new ArrayBuffer(CutForest.bytesFor(shape)),
  ) {
    const { d, trees, samples, decay, seed } = shape;
    const random = seededRandom(seed);
    const treeBytes = RandomCutTree.bytesFor(d, samples);
    const reservoirBytes = DecayingReservoir.bytesFor(samples);
    this.members = Array.from({ length: trees }, (_, member) => {
      const at = member * memberBytes(shape);
      return {
        tree: new RandomCutTree(d, samples, memory, at),
        reservoir: new DecayingReservoir(samples, decay, memory, at + treeBytes),
        leaves: new Int32Array(memory, at + treeBytes + reservoirBytes, samples),
        random: random.fork(member),
      };
    });
  }

  static bytesFor(shape: CutForestShape): number {
    return shape.trees * memberBytes(shape);
  }

  copy(): CutForest {
    return new CutForest(this.shape, this.memory.slice(0));
  }

  /** Mean over the trees of the point's expected collusive displacement; nothing changes. */
  score(point: Float32Array, shares?: Float64Array): number {
    let sum = 0;
    for (const { tree } of this.members) sum += tree.expectedDisplacement(point, shares);
    return sum / this.members.length;
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
  const leafBytes = Math.ceil(samples / 2) * 8;
  return RandomCutTree.bytesFor(d, samples) + DecayingReservoir.bytesFor(samples) + leafBytes;
}
