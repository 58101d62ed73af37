import { firstFrom, type Bursts } from './bursts';
import { leastLikelihoodRatio, type Link, type LinkOptions } from './links';
import type { IndexedGraph } from './placement';

/** A service in trouble that reports nothing itself: this is how often. */
const silentShare = 0.1;
const lagShare = 1 / 4;
const spreadShare = 1 / 2;

/**
 * Links bursts that nothing explains but one silent service which they all depend on, when enough of its dependents
 * are in trouble at the same time. Two of three dependents make a case; two of two hundred do not: the share that is
 * in trouble is judged by a Beta-binomial likelihood.
 * @param unexplained bursts without a cause, in the order of time.
 */
export function silentCauseLinks(
  unexplained: readonly number[],
  bursts: Bursts,
  graph: IndexedGraph,
  { windowMinutes, rate }: LinkOptions,
): Link[] {
  const { upstream, downstream } = graph;
  const byCause = new Map<number, number[]>();
  for (const burst of unexplained) {
    const place = bursts.place[burst]!;
    if (place >= upstream.n) continue;
    for (let edge = upstream.offsets[place]!; edge < upstream.offsets[place + 1]!; edge++) {
      const cause = upstream.targets[edge]!;
      const known = byCause.get(cause);
      if (known) known.push(burst);
      else byCause.set(cause, [burst]);
    }
  }
  const links: Link[] = [];
  for (const [cause, effects] of byCause) {
    const dependents = downstream.offsets[cause + 1]! - downstream.offsets[cause]!;
    for (let from = 0; from < effects.length;) {
      const start = bursts.begin[effects[from]!]!;
      let to = from + 1;
      while (to < effects.length && bursts.begin[effects[to]!]! - start <= windowMinutes * spreadShare) to++;
      const together = effects.slice(from, to);
      from = to;
      if (together.length < 2 || complains(cause, start, bursts, windowMinutes)) continue;
      const score = likelihoodRatio(together, dependents, bursts, rate, windowMinutes);
      if (score < Math.log(leastLikelihoodRatio)) continue;
      for (const effect of together.slice(1)) {
        links.push({
          effect,
          cause: together[0]!,
          kind: 'silent-cause',
          through: cause,
          distance: 2,
          minutes: bursts.begin[effect]! - start,
          score,
        });
      }
    }
  }
  return links;
}

/** Logarithm of the likelihood of the bursts given one silent cause over that of as many separate ones. */
function likelihoodRatio(
  effects: readonly number[],
  dependents: number,
  bursts: Bursts,
  rate: Float64Array,
  windowMinutes: number,
): number {
  const scale = windowMinutes * lagShare;
  const start = bursts.begin[effects[0]!]!;
  const places = new Set(effects.map((effect) => bursts.place[effect]!)).size;
  let score = Math.log(silentShare) + logBeta(1 + places, 1 + dependents - places);
  for (const effect of effects.slice(1)) {
    const lag = bursts.begin[effect]! - start;
    score += Math.log(Math.exp(-lag / scale) / scale / rate[effect]!);
  }
  return score;
}

function complains(place: number, minute: number, bursts: Bursts, windowMinutes: number): boolean {
  const spot = firstFrom(bursts, place, minute - windowMinutes);
  return spot < bursts.offsets[place + 1]! && bursts.beginByPlace[spot]! <= minute + windowMinutes;
}

/** Of the Beta function of whole numbers from 1, by logarithms of factorials. */
function logBeta(a: number, b: number): number {
  // B(a, b) = (a − 1)! / (b (b + 1) … (b + a − 1)), short because a is the number of effects.
  let sum = 0;
  for (let factor = 1; factor < a; factor++) sum += Math.log(factor);
  for (let factor = 0; factor < a; factor++) sum -= Math.log(b + factor);
  return sum;
}
