import { QuarterdeckError } from '../../contracts';
import type { Adjacency } from './adjacency';

export interface RandomWalkOptions {
  /** Length n, none negative, not all 0: where the walk begins again, in proportion. */
  readonly restart: Float64Array;
  /** Chance of a further step rather than a restart, from 0 to below 1. Default 0.85. */
  readonly damping?: number;
  /** Largest sum of absolute errors of the answer. Default 1e-9. */
  readonly tolerance?: number;
  /** Most steps; as many as the tolerance needs when left out. */
  readonly iterations?: number;
}

const defaultDamping = 0.85;
const defaultTolerance = 1e-9;

/**
 * Personalised PageRank (Page et al. 1999; Jeh and Widom 2003), which is a random walk with restart: the share of
 * time at each node of a walk that follows edges in proportion to their weights. At a node without edges the walk
 * begins again. The error shrinks by `damping` with every step, so the steps that a tolerance needs are known
 * beforehand.
 * @returns length n, sums to 1; empty for an empty graph.
 * @throws PARAMETER_INVALID.
 */
export function personalisedPageRank(adjacency: Adjacency, options: RandomWalkOptions): Float64Array {
  const { n, offsets, targets, weights } = adjacency;
  const damping = options.damping ?? defaultDamping;
  const tolerance = options.tolerance ?? defaultTolerance;
  requireThat('damping', damping >= 0 && damping < 1, 'from 0 to below 1');
  requireThat('tolerance', tolerance > 0, 'above 0');
  const restart = normalized(options.restart, n);
  if (n === 0) return restart;
  const iterations = Math.min(options.iterations ?? Infinity, stepsFor(damping, tolerance));
  const shares = outgoingShares(adjacency);
  let rank: Float64Array = Float64Array.from(restart);
  let next: Float64Array = new Float64Array(n);
  for (let step = 0; step < iterations; step++) {
    next.fill(0);
    let stranded = 0;
    for (let node = 0; node < n; node++) {
      const mass = rank[node]!;
      if (mass === 0) continue;
      const end = offsets[node + 1]!;
      let edge = offsets[node]!;
      if (edge === end) {
        stranded += mass;
        continue;
      }
      const flow = mass * shares[node]!;
      for (; edge < end; edge++) next[targets[edge]!]! += flow * weights[edge]!;
    }
    const begun = 1 - damping + damping * stranded;
    let change = 0;
    for (let node = 0; node < n; node++) {
      const value = damping * next[node]! + begun * restart[node]!;
      change += Math.abs(value - rank[node]!);
      next[node] = value;
    }
    [rank, next] = [next, rank];
    // What is still to come is a geometric series in the damping.
    if (change * damping <= tolerance * (1 - damping)) break;
  }
  return rank;
}

function outgoingShares({ n, offsets, weights }: Adjacency): Float64Array {
  const shares = new Float64Array(n);
  for (let node = 0; node < n; node++) {
    let sum = 0;
    for (let edge = offsets[node]!; edge < offsets[node + 1]!; edge++) sum += weights[edge]!;
    shares[node] = sum > 0 ? 1 / sum : 0;
  }
  return shares;
}

/** Two distributions differ by at most 2, and each step shrinks that by the damping. */
function stepsFor(damping: number, tolerance: number): number {
  if (damping === 0) return 1;
  return Math.max(1, Math.ceil(Math.log(tolerance / 2) / Math.log(damping)));
}

function normalized(restart: Float64Array, n: number): Float64Array {
  requireThat('restart', restart.length === n, `${n} values`);
  let sum = 0;
  for (const value of restart) {
    requireThat('restart', value >= 0 && Number.isFinite(value), 'finite and not negative');
    sum += value;
  }
  requireThat('restart', n === 0 || (sum > 0 && Number.isFinite(sum)), 'of a sum above 0');
  return restart.map((value) => value / sum);
}

function requireThat(option: string, holds: boolean, expected: string): void {
  if (holds) return;
  throw new QuarterdeckError('PARAMETER_INVALID', `${option} must be ${expected}`, { culprit: { option } });
}
