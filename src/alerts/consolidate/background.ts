import type { Bursts } from './bursts';
import type { Episodes } from './episodes';
import { spontaneousRate } from './links';

/** How often each kind of alert comes on its own. */
export interface Background {
  /** Per episode 1 when its kind comes back so often that what happens around it says nothing. */
  readonly alone: Uint8Array;
  /** Per burst: rate at which such a burst begins for no reason that we see, per minute. */
  readonly rateOf: (bursts: Bursts) => Float64Array;
}

/** A kind that is expected this often within any window is on its own. */
const expectedInWindow = 0.2;
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
  const rateOfKind = Float64Array.from(occurrences, (count) => spontaneousRate + (count - 1) / history);
  const alone = Uint8Array.from(episodes.kind, (kind) =>
    rateOfKind[kind]! * windowMinutes > expectedInWindow ? 1 : 0,
  );
  return {
    alone,
    rateOf: (bursts) =>
      // Several kinds at once hardly ever come without a cause: then only the rate of new causes counts.
      Float64Array.from(bursts.kinds, (kinds, burst) =>
        kinds > 1 ? spontaneousRate : rateOfKind[episodes.kind[bursts.lead[burst]!]!]!,
      ),
  };
}
