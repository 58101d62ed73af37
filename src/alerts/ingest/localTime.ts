import { QuarterdeckError } from '../../contracts';

/** Zones change their offset at full quarters of an hour. */
const quarterMs = 15 * 60_000;
/** Asking the zone takes 20 times as long as remembering what it said; this many are some hundred kilobytes. */
const quartersRemembered = 20_000;

/** What clocks in a zone show, turned into UTC. */
export class LocalTime {
  private readonly format: Intl.DateTimeFormat;
  private readonly offsets = new Map<number, number>();

  /** @throws PARAMETER_INVALID for a zone that is not known here. */
  constructor(timeZone: string) {
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
      });
    } catch (error) {
      throw new QuarterdeckError('PARAMETER_INVALID', `not a time zone: ${JSON.stringify(timeZone)}`, {
        culprit: { option: 'timeZone' },
        cause: error,
      });
    }
  }

  /**
   * Milliseconds since 1970 of a wall-clock time, given as if it were UTC. An hour that occurs twice when clocks go
   * back is its first; one that is left out when they go forward is read with the offset from before.
   */
  utcOf(localMs: number): number {
    // The offset that holds now and the one of a day before are the only two candidates near a change.
    const before = localMs - this.offsetMs(localMs - 86_400_000);
    if (before + this.offsetMs(before) === localMs) return before;
    const after = localMs - this.offsetMs(localMs + 86_400_000);
    return after + this.offsetMs(after) === localMs ? after : before;
  }

  /** How far local time is ahead of UTC. */
  private offsetMs(utcMs: number): number {
    const quarter = Math.floor(utcMs / quarterMs);
    let offsetMs = this.offsets.get(quarter);
    if (offsetMs === undefined) {
      const parts: Record<string, number> = {};
      for (const { type, value } of this.format.formatToParts(quarter * quarterMs)) {
        parts[type] = Number(value);
      }
      const local = Date.UTC(
        parts['year']!,
        parts['month']! - 1,
        parts['day'],
        parts['hour'],
        parts['minute'],
      );
      offsetMs = local - quarter * quarterMs;
      if (this.offsets.size >= quartersRemembered) this.offsets.clear();
      this.offsets.set(quarter, offsetMs);
    }
    return offsetMs;
  }
}
