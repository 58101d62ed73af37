import type { Random } from '../../contracts';
import { oneOf } from './drawing';
import type { Affected, Neighbourhoods } from './spreadFault';

const attempts = 200;
/** Faults of what nothing depends on are rare enough to be left to one draw in ten. */
const entryShare = 0.1;
const throughHubShare = 0.5;
const hubSteps = 2;
const tellableSteps = 3;

/**
 * Where the next fault begins. When another storm is under way, often somewhere upstream of a node that it has
 * reached, so that both storms meet there. Never where nobody could tell two storms from one: below a
 * service in trouble, or above the root of the storm under way.
 * @returns undefined when no such place was found.
 */
export function pickRoot(
  around: Neighbourhoods,
  busy: (node: number) => boolean,
  underWay: readonly Affected[],
  random: Random,
): number | undefined {
  const nodes = around.dependents.length;
  const taken = new Set(underWay.map(({ node }) => node));
  const tellable = (node: number): boolean =>
    !taken.has(node) &&
    !around.dependencies[node]!.some((dependency) => busy(dependency)) &&
    (underWay.length === 0 || !reaches(node, underWay[0]!.node, around));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const node =
      underWay.length > 1 && random.next() < throughHubShare
        ? upstreamOf(oneOf(underWay, random).node, around, random)
        : random.integer(nodes);
    if (busy(node) || !tellable(node)) continue;
    if (around.dependents[node]!.length > 0 || random.next() < entryShare) return node;
  }
  return undefined;
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

/** Whether trouble of a node comes to another within a few steps. */
function reaches(from: number, to: number, around: Neighbourhoods): boolean {
  const seen = new Set([from]);
  let edge = [from];
  for (let step = 0; step < tellableSteps; step++) {
    edge = edge
      .flatMap((node) => around.dependents[node]!.map((dependent) => dependent.node))
      .filter((node) => !seen.has(node));
    for (const node of edge) seen.add(node);
  }
  return seen.has(to);
}
