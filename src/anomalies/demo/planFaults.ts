import type { Random } from '../../contracts';
import { faultKinds, type FaultKind, type FaultKindName } from './faultKinds';

/** Minutes count from the start of the fleet's history. */
export interface PlannedFault {
  readonly server: number;
  readonly kind: FaultKindName;
  /** First and last minute with any effect; the last is not included. */
  readonly beginMinute: number;
  readonly endMinute: number;
  readonly onsetMinutes: number;
  /** Strength at its height: 1 is ordinary severity. */
  readonly severity: number;
}

export interface FaultPlan {
  readonly servers: number;
  readonly minutes: number;
  /** About how many faults a server has in a week; each kind comes at least once in each half all the same. */
  readonly faultsPerServerWeek: number;
}

export const minutesPerWeek = 7 * 24 * 60;
/** A server heals and is watched for a while before the next fault is let loose on it. */
const leastMinutesBetween = 180;
/** The first hours have no fault, so that windows over the past are full when the first one comes. */
const quietMinutes = 120;
const attempts = 200;
const mildest = 1;
const severest = 1.8;

/** Each kind occurs in the first and in the second half of the time, so that what is learned early can be tested later. */
export function planFaults(
  { servers, minutes, faultsPerServerWeek }: FaultPlan,
  random: Random,
): PlannedFault[] {
  const wanted = servers * (minutes / minutesPerWeek) * faultsPerServerWeek;
  const occurrences = Math.max(2, Math.round(wanted / faultKinds.length));
  const planned: PlannedFault[] = [];
  for (let occurrence = 0; occurrence < occurrences; occurrence++) {
    for (const kind of faultKinds) {
      const fault = placeFault(kind, occurrence % 2, { servers, minutes }, planned, random);
      if (fault) planned.push(fault);
    }
  }
  return planned.sort((a, b) => a.beginMinute - b.beginMinute || a.server - b.server);
}

function placeFault(
  kind: FaultKind & { readonly name: FaultKindName },
  half: number,
  { servers, minutes }: { servers: number; minutes: number },
  planned: readonly PlannedFault[],
  random: Random,
): PlannedFault | undefined {
  const halfMinutes = Math.floor(minutes / 2);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const onsetMinutes = between(kind.onsetMinutes, random);
    const duration = onsetMinutes + between(kind.durationMinutes, random);
    const first = half === 0 ? quietMinutes : halfMinutes;
    const room = halfMinutes - duration - (half === 0 ? quietMinutes : 0);
    if (room <= 0) return undefined;
    const beginMinute = first + random.integer(room);
    const endMinute = beginMinute + duration;
    const server = random.integer(servers);
    const severity = mildest + (severest - mildest) * random.next();
    const collides = planned.some(
      (other) =>
        other.server === server &&
        beginMinute < other.endMinute + leastMinutesBetween &&
        other.beginMinute < endMinute + leastMinutesBetween,
    );
    if (!collides) return { server, kind: kind.name, beginMinute, endMinute, onsetMinutes, severity };
  }
  return undefined;
}

function between([least, most]: readonly [number, number], random: Random): number {
  return least + random.integer(most - least + 1);
}

/** Minutes that the effect takes to go once the cause is gone. */
const recoveryMinutes = 4;

/** How strong a fault is at a minute: it rises over its onset, and goes within minutes at its end. */
export function strengthAt(fault: PlannedFault, minute: number): number {
  const since = minute - fault.beginMinute + 1;
  const left = fault.endMinute - minute;
  if (since <= 0 || left <= 0) return 0;
  return fault.severity * Math.min(1, since / fault.onsetMinutes, left / recoveryMinutes);
}

/** From this strength on a person with all the graphs would call the minute part of the fault. */
export const visibleStrength = 0.6;
