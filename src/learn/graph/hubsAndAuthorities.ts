import { reverse, type Adjacency } from './adjacency';

export interface HubsAndAuthorities {
  /** Sums to 1: how much a node points at what many point at; all 0 without edges. */
  readonly hubs: Float64Array;
  /** Sums to 1: how much a node is pointed at by good hubs. */
  readonly authorities: Float64Array;
}

const tolerance = 1e-12;
/** Slow only where two leading singular values almost tie; any mixture of their vectors then serves as well. */
const mostIterations = 1000;

/**
 * HITS (Kleinberg 1999): the leading singular vectors of the adjacency by power iteration from equal hubs. Weights
 * count.
 */
export function hubsAndAuthorities(adjacency: Adjacency): HubsAndAuthorities {
  const { n } = adjacency;
  const back = reverse(adjacency);
  let hubs: Float64Array = new Float64Array(n).fill(n > 0 ? 1 / n : 0);
  let next: Float64Array = new Float64Array(n);
  const authorities = new Float64Array(n);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    sums(back, hubs, authorities);
    scaleToOne(authorities);
    sums(adjacency, authorities, next);
    scaleToOne(next);
    let change = 0;
    for (let node = 0; node < n; node++) change += Math.abs(next[node]! - hubs[node]!);
    [hubs, next] = [next, hubs];
    if (change <= tolerance) break;
  }
  return { hubs, authorities };
}

/** Weighted sums over the targets of each node. */
function sums({ n, offsets, targets, weights }: Adjacency, values: Float64Array, out: Float64Array): void {
  for (let node = 0; node < n; node++) {
    let sum = 0;
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) {
      sum += weights[edge]! * values[targets[edge]!]!;
    }
    out[node] = sum;
  }
}

function scaleToOne(values: Float64Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  if (sum > 0) for (let index = 0; index < values.length; index++) values[index]! /= sum;
}
