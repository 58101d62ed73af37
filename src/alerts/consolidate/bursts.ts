import type { Episodes } from './episodes';

/**
 * A burst is what begins at one place within a few minutes: the unit that is caused and causes. Bursts are numbered by
 * their begin; those of a place lie together, in the order of time.
 */
export interface Bursts {
  readonly count: number;
  /** Per episode. */
  readonly burstOf: Int32Array;
  /** Per burst. */
  readonly place: Int32Array;
  readonly begin: Float64Array;
  /** Per burst: the first of its episodes. */
  readonly lead: Int32Array;
  /** Per burst: how many different kinds of alert it has. */
  readonly kinds: Int32Array;
  /** Per burst 1 when it is a condition on its own, which nothing is linked to. */
  readonly alone: Uint8Array;
  /** The other bursts of place p: `byPlace[offsets[p]] … byPlace[offsets[p + 1] − 1]`. */
  readonly offsets: Int32Array;
  readonly byPlace: Int32Array;
  readonly beginByPlace: Float64Array;
}

/** Begins at one place this share of the window apart are one burst. */
const gapShare = 1 / 3;

/** @param alone per episode 1 when its condition keeps coming back whatever happens around it. */
export function burstsOf(episodes: Episodes, alone: Uint8Array, windowMinutes: number): Bursts {
  const { count, places } = episodes;
  const gap = windowMinutes * gapShare;
  const burstOf = new Int32Array(count);
  const current = new Int32Array(places).fill(-1);
  const latest = new Float64Array(places);
  const [place, begin, lead, kinds]: [number[], number[], number[], number[]] = [[], [], [], []];
  const kindSeenIn = new Int32Array(episodes.kinds).fill(-1);
  for (let episode = 0; episode < count; episode++) {
    const at = episodes.place[episode]!;
    const minute = episodes.begin[episode]!;
    let burst = current[at]!;
    const joins =
      alone[episode] === 0 &&
      burst >= 0 &&
      minute - latest[at]! <= gap &&
      minute - begin[burst]! <= windowMinutes;
    if (!joins) {
      burst = place.length;
      place.push(at);
      begin.push(minute);
      lead.push(episode);
      kinds.push(0);
      if (alone[episode] === 0) current[at] = burst;
    }
    if (alone[episode] === 0) latest[at] = minute;
    burstOf[episode] = burst;
    const kind = episodes.kind[episode]!;
    if (kindSeenIn[kind] !== burst) {
      kindSeenIn[kind] = burst;
      kinds[burst]!++;
    }
  }
  const offsets = new Int32Array(places + 1);
  const linkable = place.flatMap((_, burst) => (alone[lead[burst]!] === 0 ? [burst] : []));
  for (const burst of linkable) offsets[place[burst]! + 1]!++;
  for (let at = 0; at < places; at++) offsets[at + 1]! += offsets[at]!;
  const next = offsets.slice(0, places);
  const byPlace = new Int32Array(linkable.length);
  for (const burst of linkable) byPlace[next[place[burst]!]!++] = burst;
  return {
    count: place.length,
    burstOf,
    place: Int32Array.from(place),
    begin: Float64Array.from(begin),
    lead: Int32Array.from(lead),
    kinds: Int32Array.from(kinds),
    alone: Uint8Array.from(lead, (episode) => alone[episode]!),
    offsets,
    byPlace,
    beginByPlace: Float64Array.from(byPlace, (burst) => begin[burst]!),
  };
}

/** Position in `byPlace` of the first burst of a place that begins at `minute` or later; the place's end if none does. */
export function firstFrom(bursts: Bursts, place: number, minute: number): number {
  let low = bursts.offsets[place]!;
  let high = bursts.offsets[place + 1]!;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bursts.beginByPlace[middle]! < minute) low = middle + 1;
    else high = middle;
  }
  return low;
}
