import { firstFrom, type Bursts } from './bursts';
import type { IndexedGraph } from './placement';

/** Why two bursts are taken for one storm. */
export type LinkKind = 'same-place' | 'depends' | 'depends-through-silent' | 'silent-cause' | 'overload';

/** A burst and what may have caused it, strongest first within a burst. */
export interface Link {
  readonly effect: number;
  readonly cause: number;
  readonly kind: LinkKind;
  /** The silent service between them, or −1. */
  readonly through: number;
  /** Steps along dependencies between the two places. */
  readonly distance: number;
  /** Minutes from cause to effect; below 0 when the effect was reported first. */
  readonly minutes: number;
  /** Logarithm of how many times likelier the cause makes this burst than no cause at all would. */
  readonly score: number;
}

/** Chance, before anything is seen, that trouble of a dependency reaches a service that needs it. */
const reachPrior = { reached: 1, not: 1 };
/** One in so many reached services reports nothing itself. */
const silentShare = 0.15;
/** Chance that a place in trouble begins to complain about something else, too. */
const sameplaceChance = 0.5;
const sameplaceShare = 0.3;
/** Minutes that a step takes, as shares of the window: the mean lag, and how far reports may come in reverse. */
const lagShare = 1 / 5;
const reverseShare = 1 / 7.5;
const reverseChance = 0.2;
const earliestShare = 1 / 3;
/** Rate of bursts without any cause, per place and minute: about one a week. */
export const spontaneousRate = 1e-4;
/** What comes more often than this on its own, per minute, is the less likely to be news, and a cause. */
const newsRate = 5e-4;
/** How many times likelier with the cause than without before a link is made. */
export const leastLikelihoodRatio = 8;
/** Dependents of one place that are looked at to tell how many are in trouble. */
const mostDependentsLooked = 64;
/** Causes weighed for each burst; further ones are far less likely. */
const linksPerBurst = 8;

export interface LinkOptions {
  readonly windowMinutes: number;
  /** Per burst: rate at which such a burst begins for no reason that we see, per minute. */
  readonly rate: Float64Array;
}

/** Density, per minute, of the lag over `steps` dependencies. */
export function lagDensity(minutes: number, steps: number, windowMinutes: number): number {
  if (minutes < -windowMinutes * earliestShare || minutes > windowMinutes) return 0;
  if (minutes < 0) {
    const scale = windowMinutes * reverseShare;
    return (reverseChance / scale) * Math.exp(minutes / scale);
  }
  const scale = windowMinutes * lagShare * Math.sqrt(Math.max(1, steps));
  return ((1 - reverseChance) / scale) * Math.exp(-minutes / scale);
}

/**
 * For every burst the most likely causes among earlier bursts at the same place and bursts at what the place depends
 * on, directly or through one silent service. How far a cause reaches is judged by how many of its dependents are in
 * trouble at the time (the mean of a Beta posterior), so that a hub that merely complains explains little.
 */
export function causalLinks(bursts: Bursts, graph: IndexedGraph, options: LinkOptions): Link[] {
  const nodes = graph.upstream.n;
  const reach = reachOf(bursts, graph, options.windowMinutes);
  const links: Link[] = [];
  const seen = new Int32Array(nodes).fill(-1);
  for (let effect = 0; effect < bursts.count; effect++) {
    if (bursts.alone[effect] === 1) continue;
    const own: Link[] = [];
    const place = bursts.place[effect]!;
    samePlace(own, effect, bursts, options);
    if (place < nodes) {
      const { offsets, targets } = graph.upstream;
      seen[place] = effect;
      for (let edge = offsets[place]!; edge < offsets[place + 1]!; edge++) {
        seen[targets[edge]!] = effect;
        fromPlace(own, effect, targets[edge]!, 1, -1, 1, reach, bursts, options);
      }
      for (let edge = offsets[place]!; edge < offsets[place + 1]!; edge++) {
        const middle = targets[edge]!;
        if (!silent(middle, bursts.begin[effect]!, bursts, options.windowMinutes)) continue;
        const begin = bursts.begin[effect]! - options.windowMinutes * lagShare;
        const onward = troubledShare(middle, begin, bursts, graph, options.windowMinutes);
        for (let further = offsets[middle]!; further < offsets[middle + 1]!; further++) {
          const cause = targets[further]!;
          if (seen[cause] === effect) continue;
          seen[cause] = effect;
          fromPlace(own, effect, cause, 2, middle, onward, reach, bursts, options);
        }
      }
    }
    own.sort((a, b) => b.score - a.score || a.cause - b.cause);
    links.push(...own.slice(0, linksPerBurst));
  }
  return links;
}

function samePlace(own: Link[], effect: number, bursts: Bursts, options: LinkOptions): void {
  const { windowMinutes } = options;
  const place = bursts.place[effect]!;
  const at = bursts.begin[effect]!;
  const end = bursts.offsets[place + 1]!;
  for (let spot = firstFrom(bursts, place, at - windowMinutes); spot < end; spot++) {
    const cause = bursts.byPlace[spot]!;
    if (cause >= effect) break;
    const minutes = at - bursts.begin[cause]!;
    const scale = windowMinutes * sameplaceShare;
    const density = (sameplaceChance / scale) * Math.exp(-minutes / scale);
    own.push({
      effect,
      cause,
      kind: 'same-place',
      through: -1,
      distance: 0,
      minutes,
      score: Math.log(density / options.rate[effect]!),
    });
  }
}

function fromPlace(
  own: Link[],
  effect: number,
  place: number,
  steps: 1 | 2,
  through: number,
  onward: number,
  reach: Float64Array,
  bursts: Bursts,
  { windowMinutes, rate }: LinkOptions,
): void {
  const at = bursts.begin[effect]!;
  const latest = at + windowMinutes * earliestShare;
  const end = bursts.offsets[place + 1]!;
  let best: Link | undefined;
  for (let spot = firstFrom(bursts, place, at - windowMinutes); spot < end; spot++) {
    const cause = bursts.byPlace[spot]!;
    const minutes = at - bursts.begin[cause]!;
    if (bursts.begin[cause]! > latest) break;
    const chance = through < 0 ? reach[cause]! : reachedThoughSilent(reach[cause]!) * onward;
    const news = Math.min(1, newsRate / rate[cause]!);
    const score = Math.log((chance * news * lagDensity(minutes, steps, windowMinutes)) / rate[effect]!);
    if (best === undefined || score > best.score) {
      best = {
        effect,
        cause,
        kind: steps === 1 ? 'depends' : 'depends-through-silent',
        through,
        distance: steps,
        minutes,
        score,
      };
    }
  }
  if (best) own.push(best);
}

/** Chance that a service is in trouble which reports nothing, by Bayes' rule. */
function reachedThoughSilent(reached: number): number {
  return (reached * silentShare) / (reached * silentShare + 1 - reached);
}

/** Whether nothing began at a place around a minute. */
function silent(place: number, minute: number, bursts: Bursts, windowMinutes: number): boolean {
  const spot = firstFrom(bursts, place, minute - windowMinutes);
  return (
    spot === bursts.offsets[place + 1]! || bursts.beginByPlace[spot]! > minute + windowMinutes * earliestShare
  );
}

/** Per burst: share of the dependents of its place that it can be expected to reach, by how many are in trouble. */
function reachOf(bursts: Bursts, graph: IndexedGraph, windowMinutes: number): Float64Array {
  return Float64Array.from(bursts.place, (place, burst) =>
    place < graph.downstream.n ? troubledShare(place, bursts.begin[burst]!, bursts, graph, windowMinutes) : 0,
  );
}

/** Share of a place's dependents in trouble after a minute: the mean of its posterior. Of a hub a part is looked at. */
function troubledShare(
  place: number,
  minute: number,
  bursts: Bursts,
  { downstream: { offsets, targets } }: IndexedGraph,
  windowMinutes: number,
): number {
  const from = minute - windowMinutes * earliestShare;
  const to = minute + windowMinutes;
  const first = offsets[place]!;
  const dependents = offsets[place + 1]! - first;
  const looks = Math.min(dependents, mostDependentsLooked);
  let troubled = 0;
  for (let look = 0; look < looks; look++) {
    const dependent = targets[first + Math.floor((look * dependents) / looks)]!;
    const spot = firstFrom(bursts, dependent, from);
    if (spot < bursts.offsets[dependent + 1]! && bursts.beginByPlace[spot]! <= to) troubled++;
  }
  return (reachPrior.reached + troubled) / (reachPrior.reached + reachPrior.not + looks);
}
