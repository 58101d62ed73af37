import type { GraphIndex } from '../graph/graphIndex';
import { forTargets } from './localGraph';

/** Tiers that customers meet. */
const lastCustomerTier = 1;

/**
 * Share of the services that customers meet which are among `nodes` or depend on them; null when no service is known
 * to be one. Customers meet the first tiers where tiers are given, else what nothing depends on.
 */
export function customersReached({
  graph,
  upstream,
  downstream,
}: GraphIndex): (nodes: readonly number[]) => number | null {
  const n = graph.nodes.length;
  const facing = new Uint8Array(n);
  const anyTier = graph.nodes.some(({ tier }) => tier !== null && tier <= lastCustomerTier);
  for (let node = 0; node < n; node++) {
    const { tier } = graph.nodes[node]!;
    const entry = downstream.offsets[node + 1] === downstream.offsets[node];
    const depends = upstream.offsets[node + 1]! > upstream.offsets[node]!;
    if (anyTier ? tier !== null && tier <= lastCustomerTier : entry && depends) facing[node] = 1;
  }
  const all = facing.reduce((sum, one) => sum + one, 0);
  const visit = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  let turn = 0;
  return (nodes) => {
    if (all === 0) return null;
    turn++;
    let tail = 0;
    let met = 0;
    const reach = (node: number): void => {
      if (visit[node] === turn) return;
      visit[node] = turn;
      met += facing[node]!;
      queue[tail++] = node;
    };
    nodes.forEach(reach);
    for (let head = 0; head < tail; head++) forTargets(downstream, queue[head]!, reach);
    return met / all;
  };
}
