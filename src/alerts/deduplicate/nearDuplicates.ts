import type { IndexedGraph, PlacedAlert } from '../consolidate/placement';
import { jaccard, tokensOf } from './textSimilarity';

export interface NearDuplicate {
  readonly index: number;
  /** The alert that it repeats; itself no near-duplicate. */
  readonly of: number;
  /** Of the words of name and description, in [0, 1]. */
  readonly similarity: number;
  readonly place: string;
}

export interface NearDuplicateSearch {
  /** First alerts of their conditions, by start. */
  readonly firsts: readonly number[];
  readonly alerts: readonly PlacedAlert[];
  readonly group: Int32Array;
  readonly startMs: Float64Array;
  readonly graph: IndexedGraph;
  readonly windowMs: number;
}

/** Share of common words from which two texts say the same. */
const leastSimilarity = 0.8;
/** Texts compared with one alert at each place: bounds the work where one place has very many conditions. */
const comparedPerPlace = 12;
/** A hub's neighbours are too many to be one thing told twice. */
const mostNeighbours = 16;

/**
 * Alerts that say nearly the same as an earlier one at the same service, or at one that depends on it or that it
 * depends on, within the window. An alert is compared with the latest few at each place, so time stays linear.
 */
export function nearDuplicates(search: NearDuplicateSearch): NearDuplicate[] {
  const { firsts, alerts, group, startMs, graph, windowMs } = search;
  const recent = new Map<string, number[]>();
  const tokens = new Map<string, ReadonlySet<string>>();
  const wordsOf = (index: number): ReadonlySet<string> => {
    const { name, description } = alerts[index]!.alert;
    const text = `${name} ${description}`;
    let words = tokens.get(text);
    if (words === undefined) tokens.set(text, (words = tokensOf(text)));
    return words;
  };
  const found: NearDuplicate[] = [];
  for (const index of firsts) {
    const { alert, node } = alerts[index]!;
    const here = node >= 0 ? String(node) : (alert.service ?? alert.resource ?? '');
    const around = node >= 0 ? neighbours(node, graph) : [];
    let best: NearDuplicate | undefined;
    for (const [place, words] of [[here, 'at the same service'], ...around] as const) {
      const candidates = recent.get(`${group[index]!} ${place}`) ?? [];
      for (const other of candidates) {
        if (startMs[index]! - startMs[other]! > windowMs) continue;
        const similarity = jaccard(wordsOf(index), wordsOf(other));
        if (similarity < leastSimilarity || (best && similarity <= best.similarity)) continue;
        best = { index, of: other, similarity, place: words };
      }
    }
    if (best) {
      found.push(best);
      continue;
    }
    const key = `${group[index]!} ${here}`;
    const known = recent.get(key);
    if (known === undefined) recent.set(key, [index]);
    else {
      if (known.length === comparedPerPlace) known.shift();
      known.push(index);
    }
  }
  return found;
}

function neighbours(
  node: number,
  { graph, upstream, downstream }: IndexedGraph,
): (readonly [string, string])[] {
  const places: (readonly [string, string])[] = [];
  for (const [edges, words] of [
    [upstream, 'it depends on'],
    [downstream, 'that depends on it'],
  ] as const) {
    const [from, to] = [edges.offsets[node]!, edges.offsets[node + 1]!];
    if (to - from > mostNeighbours) continue;
    for (let edge = from; edge < to; edge++) {
      const other = edges.targets[edge]!;
      places.push([String(other), `at ${graph.nodes[other]!.name}, ${words}`]);
    }
  }
  return places;
}
