import type { Random } from '../../contracts';
import { oneOf } from './drawing';
import type { Affected, Neighbourhoods } from './spreadFault';

const attempts = 200;
/** Faults of what nothing depends on are rare enough to be left to one draw in ten. */
const entryShare = 0.1;
const throughHubShare = 0.6;
const hubSteps = 2;

/**
 * Where the next fault begins. When another storm is under way, often somewhere upstream of a node that it has
 * reached, so that both storms meet there.
 */
export function pickRoot(
  around: Neighbourhoods,
  busy: (node: number) => boolean,
  underWay: readonly Affected[],
  random: Random,
): number {
  const nodes = around.dependents.length;
  const taken = new Set(underWay.map(({ node }) => node));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const node =
      underWay.length > 1 && random.next() < throughHubShare
        ? upstreamOf(oneOf(underWay, random).node, around, random)
        : random.integer(nodes);
    if (busy(node) || taken.has(node)) continue;
    if (around.dependents[node]!.length > 0 || random.next() < entryShare) return node;
  }
  return random.integer(nodes);
}

function upstreamOf(start: number, around: Neighbourhoods, random: Random): number {
  let node = start;
  for (let step = 0; step < hubSteps; step++) {
    const dependencies = around.dependencies[node]!;
    if (dependencies.length === 0) break;
    node = oneOf(dependencies, random);
  }
  return node;
}
