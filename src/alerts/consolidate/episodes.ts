import { timestampMs } from '../../contracts';
import { placesOf, type PlacedAlert } from './placement';

/**
 * An episode is one condition (fingerprint at a place) and its repeats: a firing belongs to it that starts within the
 * window of the one before, or while that one lasts. Repeats are thus looked at once, however many there are.
 */
export interface Episodes {
  readonly count: number;
  /** Indices of all alerts by start, then fingerprint, then id: nothing below depends on the order they came in. */
  readonly order: Int32Array;
  /** Per alert, in minutes since the first. */
  readonly minute: Float64Array;
  /** Per alert. */
  readonly episodeOf: Int32Array;
  /** Per episode, which are numbered by their first firing: the place. */
  readonly place: Int32Array;
  readonly places: number;
  /** Per episode: its kind, the alert's name at its place, whatever the instance. */
  readonly kind: Int32Array;
  readonly kinds: number;
  /** Per episode: when it began, in minutes since the first alert. */
  readonly begin: Float64Array;
  /** Per episode: index of its first alert. */
  readonly first: Int32Array;
  readonly repeats: Int32Array;
  /** Per episode: how often it had cleared before it fired again. */
  readonly flaps: Int32Array;
}

const minuteMs = 60_000;

/** Time grows with n log n in the alerts, for sorting. */
export function episodesOf(alerts: readonly PlacedAlert[], nodes: number, windowMinutes: number): Episodes {
  const startMs = Float64Array.from(alerts, ({ alert }) => timestampMs(alert.startsAt));
  const order = Int32Array.from(alerts, (_, index) => index).sort(
    (a, b) => startMs[a]! - startMs[b]! || compareAlerts(alerts[a]!, alerts[b]!),
  );
  const origin = order.length === 0 ? 0 : startMs[order[0]!]!;
  const minute = startMs.map((ms) => (ms - origin) / minuteMs);
  const places = placesOf(alerts, nodes);
  const conditions = new Numbering();
  const kindNumbers = new Numbering();
  const open: number[] = [];
  const lastEnd: number[] = [];
  const lastStart: number[] = [];
  const cleared: boolean[] = [];
  const episodeOf = new Int32Array(alerts.length);
  const place: number[] = [];
  const kind: number[] = [];
  const begin: number[] = [];
  const first: number[] = [];
  const repeats: number[] = [];
  const flaps: number[] = [];
  for (const index of order) {
    const { alert } = alerts[index]!;
    const at = minute[index]!;
    const condition = conditions.of(`${places.of[index]!} ${alert.fingerprint}`);
    const end = alert.endsAt === null ? at : Math.max(at, (timestampMs(alert.endsAt) - origin) / minuteMs);
    const goesOn =
      condition < open.length && (at - lastStart[condition]! <= windowMinutes || at <= lastEnd[condition]!);
    if (!goesOn) {
      open[condition] = place.length;
      lastEnd[condition] = -Infinity;
      place.push(places.of[index]!);
      kind.push(kindNumbers.of(`${places.of[index]!} ${alert.name}`));
      begin.push(at);
      first.push(index);
      repeats.push(0);
      flaps.push(0);
    }
    const episode = open[condition]!;
    repeats[episode]!++;
    if (goesOn && cleared[condition]! && at > lastEnd[condition]!) flaps[episode]!++;
    cleared[condition] = alert.endsAt !== null;
    episodeOf[index] = episode;
    lastStart[condition] = at;
    lastEnd[condition] = Math.max(lastEnd[condition]!, end);
  }
  return {
    count: place.length,
    order,
    minute,
    episodeOf,
    place: Int32Array.from(place),
    places: places.count,
    kind: Int32Array.from(kind),
    kinds: kindNumbers.count,
    begin: Float64Array.from(begin),
    first: Int32Array.from(first),
    repeats: Int32Array.from(repeats),
    flaps: Int32Array.from(flaps),
  };
}

function compareAlerts({ alert: a }: PlacedAlert, { alert: b }: PlacedAlert): number {
  if (a.fingerprint !== b.fingerprint) return a.fingerprint < b.fingerprint ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Numbers texts from 0 in the order they are first seen. */
class Numbering {
  private readonly numbers = new Map<string, number>();

  get count(): number {
    return this.numbers.size;
  }

  of(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) this.numbers.set(text, (number = this.numbers.size));
    return number;
  }
}
