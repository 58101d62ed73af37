import type { Bursts } from './bursts';
import type { Episodes } from './episodes';
import { spontaneousRate } from './links';

/** How likely each alert is to come on its own: by how often its kind does, and by whether it flaps. */
export interface Background {
  /** Per episode 1 when it comes back so often that what happens around it says nothing. */
  readonly alone: Uint8Array;
  /** Per burst: rate at which such a burst begins for no reason that we see, per minute. */
  readonly rateOf: (bursts: Bursts) => Float64Array;
}

/** A kind that is expected this often within any window is on its own. */
const expectedInWindow = 0.2;
/**
 * What clears and fires again by itself is oftener a threshold set too close than trouble: its odds of being that grow
 * with the square of how often.
 */
const flapPower = 2;
const shortestHistoryMinutes = 24 * 60;

export function backgroundOf(episodes: Episodes, windowMinutes: number): Background {
  const occurrences = new Int32Array(episodes.kinds);
  const latest = new Float64Array(episodes.kinds).fill(-Infinity);
  for (let episode = 0; episode < episodes.count; episode++) {
    const kind = episodes.kind[episode]!;
    if (episodes.begin[episode]! - latest[kind]! > windowMinutes) occurrences[kind]!++;
    latest[kind] = episodes.begin[episode]!;
  }
  const span = episodes.count === 0 ? 0 : episodes.begin[episodes.count - 1]!;
  const history = Math.max(shortestHistoryMinutes, span);
  // The occurrence that is judged says nothing about itself.
  const rateOfEpisode = Float64Array.from(
    episodes.kind,
    (kind, episode) =>
      spontaneousRate * (1 + episodes.flaps[episode]!) ** flapPower + (occurrences[kind]! - 1) / history,
  );
  const alone = Uint8Array.from(rateOfEpisode, (rate) => (rate * windowMinutes > expectedInWindow ? 1 : 0));
  return {
    alone,
    rateOf: (bursts) =>
      // Several kinds at once hardly ever come without a cause: then only the rate of new causes counts.
      Float64Array.from(bursts.kinds, (kinds, burst) =>
        kinds > 1 ? spontaneousRate : rateOfEpisode[bursts.lead[burst]!]!,
      ),
  };
}
