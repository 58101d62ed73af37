import { Cron } from 'croner';
import { QuarterdeckError } from '../../contracts';
import { parseTimeSpan } from '../configuration/timeSpan';
import { toCronPattern } from '../../contracts/ncrontab';

export interface Schedule {
  /** The first time after `afterMs` (milliseconds since 1970). */
  next(afterMs: number): number;
  /** Whether its state is worth keeping: the real host keeps none for schedules of less than a minute. */
  readonly monitored: boolean;
}

const minuteMs = 60_000;

/**
 * Reads a timer's schedule: an NCRONTAB expression of six fields, or a time span for a steady interval.
 *
 * @param timeZone IANA name that cron fields are read in.
 * @throws FUNCTIONS_APP_INVALID naming the schedule.
 */
export function parseSchedule(text: string, timeZone: string, where: string): Schedule {
  const refuse = (why: string) =>
    new QuarterdeckError('FUNCTIONS_APP_INVALID', `${where}: schedule "${text}" ${why}`, {
      culprit: { schedule: text },
    });
  const intervalMs = parseTimeSpan(text);
  if (intervalMs !== undefined) {
    if (intervalMs <= 0) throw refuse('has no length');
    return { next: (afterMs) => afterMs + intervalMs, monitored: intervalMs >= minuteMs };
  }
  const pattern = toCronPattern(text);
  if ('problem' in pattern) throw refuse(pattern.problem);
  let cron: Cron;
  try {
    // NCRONTAB wants day of month and day of week both to hold, where other crons want either.
    cron = new Cron(pattern.cron, { timezone: timeZone, domAndDow: true, mode: '6-part', paused: true });
  } catch (error) {
    throw refuse(`cannot be read in time zone ${timeZone}: ${String(error)}`);
  }
  const next = (afterMs: number): number => {
    const found = cron.nextRun(new Date(afterMs));
    if (!found) throw refuse('never comes');
    return found.getTime();
  };
  const first = next(0);
  return { next, monitored: next(first) - first >= minuteMs };
}
