import { QuarterdeckError } from './errors';

/** Zones change their offset at full quarters of an hour. */
const quarterMs = 15 * 60_000;
/** Asking the zone takes 20 times as long as remembering what it said; this many are some hundred kilobytes. */
const quartersRemembered = 20_000;

/** How far the clocks of a zone are ahead of UTC. */
export class ZoneOffset {
  private readonly format: Intl.DateTimeFormat;
  private readonly remembered = new Map<number, number>();
  private lastQuarter = Number.NaN;
  private lastOffsetMs = 0;

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

  /** @param utcMs milliseconds since 1970. @returns milliseconds, negative west of Greenwich */
  millisecondsAt(utcMs: number): number {
    const quarter = Math.floor(utcMs / quarterMs);
    if (quarter === this.lastQuarter) return this.lastOffsetMs;
    let offsetMs = this.remembered.get(quarter);
    if (offsetMs === undefined) {
      offsetMs = this.ask(quarter * quarterMs);
      if (this.remembered.size >= quartersRemembered) this.remembered.clear();
      this.remembered.set(quarter, offsetMs);
    }
    this.lastQuarter = quarter;
    this.lastOffsetMs = offsetMs;
    return offsetMs;
  }

  private ask(utcMs: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(utcMs)) parts[type] = Number(value);
    const { year, month, day, hour, minute } = parts;
    return Date.UTC(year!, month! - 1, day, hour, minute) - utcMs;
  }
}
