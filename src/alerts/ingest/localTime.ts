import { ZoneOffset } from '../../contracts';

const dayMs = 86_400_000;

/** What clocks in a zone show, turned into UTC. */
export class LocalTime {
  private readonly zone: ZoneOffset;

  /** @throws PARAMETER_INVALID for a zone that is not known here. */
  constructor(timeZone: string) {
    this.zone = new ZoneOffset(timeZone);
  }

  /**
   * Milliseconds since 1970 of a wall-clock time, given as if it were UTC. An hour that occurs twice when clocks go
   * back is its first; one that is left out when they go forward is read with the offset from before.
   */
  utcOf(localMs: number): number {
    // The offset that holds now and the one of a day before are the only two candidates near a change.
    const before = localMs - this.zone.millisecondsAt(localMs - dayMs);
    if (before + this.zone.millisecondsAt(before) === localMs) return before;
    const after = localMs - this.zone.millisecondsAt(localMs + dayMs);
    return after + this.zone.millisecondsAt(after) === localMs ? after : before;
  }
}
