import type { IndexedGraph, PlacedAlert } from '../consolidate/placement';
import { mix, similarity, sketchOf, type TextSketch } from './textSketch';

export interface NearDuplicate {
  /** The alert that it repeats; one that was not itself found to repeat another. */
  readonly of: number;
  /** Of the words of name and description, in [0, 1]. */
  readonly similarity: number;
}

export interface NearDuplicateContext {
  readonly alerts: readonly PlacedAlert[];
  readonly group: Int32Array;
  readonly startMs: Float64Array;
  readonly graph: IndexedGraph;
  readonly windowMs: number;
}

/** Share of common words from which two texts say the same; services that are only near have to agree more. */
const leastSimilarity = { samePlace: 0.8, neighbour: 0.9 };
/** The latest alerts of one band that are compared. */
const keptPerBand = 4;
/** In place of a service, where any may do. */
const anywhere = 0x5bd1e995;

/**
 * Finds alerts that say nearly the same as an earlier one of their group within the window. Alerts are shown to it by
 * start; each is compared with the latest few that share a band of its sketch, so time stays linear.
 */
export class NearDuplicates {
  /** By band, group and where to look; two of them may share an entry, what is found is checked. */
  private readonly recent = new Map<number, number[]>();
  private readonly sketches = new Map<string, TextSketch>();
  private readonly placeOf: Int32Array;

  constructor(private readonly context: NearDuplicateContext) {
    const unknown = new Map<string, number>();
    this.placeOf = Int32Array.from(context.alerts, ({ alert, node }) => {
      if (node >= 0) return node;
      const name = alert.service ?? alert.resource ?? '';
      let place = unknown.get(name);
      if (place === undefined) unknown.set(name, (place = -1 - unknown.size));
      return place;
    });
  }

  /** The earlier alert at the same service that this one repeats; one that repeats none is kept to compare with. */
  samePlace(index: number): NearDuplicate | undefined {
    const place = this.placeOf[index]!;
    const there = (other: number): boolean => this.placeOf[other] === place;
    return this.findOrKeep(index, mix(place), leastSimilarity.samePlace, there);
  }

  /** The earlier alert at a service that depends on this one's, or that this one's depends on. */
  neighbour(index: number): NearDuplicate | undefined {
    const { upstream } = this.context.graph;
    const place = this.placeOf[index]!;
    if (place < 0) return undefined;
    return this.findOrKeep(index, anywhere, leastSimilarity.neighbour, (other) => {
      const there = this.placeOf[other]!;
      return there >= 0 && (leadsTo(upstream, place, there) || leadsTo(upstream, there, place));
    });
  }

  private findOrKeep(
    index: number,
    scope: number,
    least: number,
    allowed: (other: number) => boolean,
  ): NearDuplicate | undefined {
    const { group, startMs, windowMs } = this.context;
    const { words, bands } = this.sketch(index);
    if (words.size === 0) return undefined;
    const own = group[index]!;
    const keys = bands.map((hash) => mix(hash ^ mix(scope ^ mix(own))));
    let best: NearDuplicate | undefined;
    for (const key of keys) {
      for (const other of this.recent.get(key) ?? []) {
        if (group[other] !== own || startMs[index]! - startMs[other]! > windowMs || !allowed(other)) continue;
        const share = similarity(words, this.sketch(other).words);
        if (share < least || (best !== undefined && share <= best.similarity)) continue;
        best = { of: other, similarity: share };
        if (share === 1) return best;
      }
    }
    if (best === undefined) for (const key of keys) this.keep(key, index);
    return best;
  }

  private keep(key: number, index: number): void {
    const known = this.recent.get(key);
    if (known === undefined) this.recent.set(key, [index]);
    else {
      if (known.length === keptPerBand) known.shift();
      known.push(index);
    }
  }

  private sketch(index: number): TextSketch {
    const { name, description } = this.context.alerts[index]!.alert;
    const text = `${name} ${description}`;
    let sketch = this.sketches.get(text);
    if (sketch === undefined) this.sketches.set(text, (sketch = sketchOf(text)));
    return sketch;
  }
}

/** Whether an edge leads from one node to another; targets are in order. */
function leadsTo({ offsets, targets }: IndexedGraph['upstream'], from: number, to: number): boolean {
  let low = offsets[from]!;
  let high = offsets[from + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (targets[middle]! < to) low = middle + 1;
    else high = middle;
  }
  return low < offsets[from + 1]! && targets[low] === to;
}
