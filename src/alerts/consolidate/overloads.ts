import { firstFrom, type Bursts } from './bursts';
import { lagDensity, type Link, type LinkOptions } from './links';
import type { IndexedGraph } from './placement';

/** How rarely a service in trouble brings down what it depends on: retries, reconnects, fallbacks to other calls. */
const overloadChance = 0.04;

/**
 * The way against the dependencies: a burst may come of trouble at a service that depends on its place. Only for
 * bursts that nothing else explains and that explain nothing themselves: what has a storm of its own is no by-effect.
 */
export function overloadLinks(
  lonely: readonly number[],
  bursts: Bursts,
  { downstream }: IndexedGraph,
  { windowMinutes, rate }: LinkOptions,
): Link[] {
  const links: Link[] = [];
  for (const effect of lonely) {
    const place = bursts.place[effect]!;
    if (place >= downstream.n) continue;
    const at = bursts.begin[effect]!;
    let best: Link | undefined;
    for (let edge = downstream.offsets[place]!; edge < downstream.offsets[place + 1]!; edge++) {
      const dependent = downstream.targets[edge]!;
      const end = bursts.offsets[dependent + 1]!;
      for (let spot = firstFrom(bursts, dependent, at - windowMinutes); spot < end; spot++) {
        if (bursts.beginByPlace[spot]! > at) break;
        const cause = bursts.byPlace[spot]!;
        const minutes = at - bursts.begin[cause]!;
        const score = Math.log((overloadChance * lagDensity(minutes, 1, windowMinutes)) / rate[effect]!);
        if (best !== undefined && score <= best.score) continue;
        best = { effect, cause, kind: 'overload', through: -1, distance: 1, minutes, score };
      }
    }
    if (best) links.push(best);
  }
  return links;
}
