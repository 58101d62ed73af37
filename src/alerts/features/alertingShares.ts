import { breadthFirst, undirected, type Adjacency } from '../../learn/graph';
import type { GraphIndex } from '../graph/graphIndex';

/** Alerts that begin in one such stretch, or in the next, count as at the same time. */
const stretchMinutes = 15;
/** How long an alert that does not end is taken to say that its service is in trouble now. */
const longestMinutes = 60;

export interface AlertingTimes {
  /** Service of each alert; −1 unmapped. */
  readonly nodes: Int32Array;
  /** Minutes since 1970. */
  readonly starts: Float64Array;
  /** NaN while it lasts. */
  readonly ends: Float64Array;
}

export interface AlertingShares {
  /** Per alert: direct neighbours of its service that alert about then. */
  readonly neighbors: Float32Array;
  /** Per alert: services that its service depends on, directly or through others, that alert about then. */
  readonly upstream: Float32Array;
}

/**
 * Which services alert is held as bits per stretch of time, and so is what each service depends on: an alert costs
 * the words of a set, and alerts of one service in one stretch cost once. Unmapped alerts have 0.
 */
export function alertingShares(index: GraphIndex, { nodes, starts, ends }: AlertingTimes): AlertingShares {
  const words = Math.ceil(index.upstream.n / 32);
  const alerting = new Map<number, Int32Array>();
  const setAt = (stretch: number): Int32Array => {
    let set = alerting.get(stretch);
    if (!set) alerting.set(stretch, (set = new Int32Array(words)));
    return set;
  };
  nodes.forEach((node, alert) => {
    if (node < 0) return;
    const start = starts[alert]!;
    const end = Number.isNaN(ends[alert]!) ? Infinity : ends[alert]!;
    const last = stretchOf(Math.max(start, Math.min(end, start + longestMinutes)));
    for (let stretch = stretchOf(start); stretch <= last; stretch++) {
      setAt(stretch)[node >>> 5]! |= 1 << (node & 31);
    }
  });
  const around = new Neighborhoods(index, words);
  const shares = { neighbors: new Float32Array(nodes.length), upstream: new Float32Array(nodes.length) };
  const known = new Map<number, number>();
  nodes.forEach((node, alert) => {
    if (node < 0) return;
    const stretch = stretchOf(starts[alert]!);
    // Stretches are below 2^28 for the next thousand years, nodes below 2^24: the key is exact in a double.
    const key = stretch * 0x1000000 + node;
    const same = known.get(key);
    if (same !== undefined) {
      shares.neighbors[alert] = shares.neighbors[same]!;
      shares.upstream[alert] = shares.upstream[same]!;
      return;
    }
    known.set(key, alert);
    const now = alerting.get(stretch)!;
    const next = alerting.get(stretch + 1);
    shares.neighbors[alert] = around.neighbors(node).shareIn(now, next);
    shares.upstream[alert] = around.upstream(node).shareIn(now, next);
  });
  return shares;
}

function stretchOf(minute: number): number {
  return Math.floor(minute / stretchMinutes);
}

/** A set of nodes as bits. */
class NodeSet {
  private size = 0;
  constructor(private readonly bits: Int32Array) {
    for (const word of bits) this.size += bitsSet(word);
  }

  /** Share of the set that is in one of two others; 0 for an empty set. */
  shareIn(one: Int32Array, other: Int32Array | undefined): number {
    if (this.size === 0) return 0;
    let common = 0;
    for (let word = 0; word < this.bits.length; word++) {
      common += bitsSet(this.bits[word]! & (one[word]! | (other ? other[word]! : 0)));
    }
    return common / this.size;
  }
}

/** Sets around nodes, made when first asked for. */
class Neighborhoods {
  private readonly direct = new Map<number, NodeSet>();
  private readonly reached = new Map<number, NodeSet>();
  private readonly both: Adjacency;

  constructor(
    private readonly index: GraphIndex,
    private readonly words: number,
  ) {
    this.both = undirected(index.upstream);
  }

  neighbors(node: number): NodeSet {
    const { offsets, targets } = this.both;
    return this.set(this.direct, node, () => targets.subarray(offsets[node], offsets[node + 1]));
  }

  upstream(node: number): NodeSet {
    return this.set(this.reached, node, () => breadthFirst(this.index.upstream, [node]).order.subarray(1));
  }

  private set(sets: Map<number, NodeSet>, node: number, members: () => Int32Array): NodeSet {
    let set = sets.get(node);
    if (!set) {
      const bits = new Int32Array(this.words);
      for (const member of members()) bits[member >>> 5]! |= 1 << (member & 31);
      sets.set(node, (set = new NodeSet(bits)));
    }
    return set;
  }
}

/** Bits set in a 32-bit word, added up in parallel. */
function bitsSet(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
