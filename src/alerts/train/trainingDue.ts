import { QuarterdeckError } from '../../contracts';
import { toCronPattern } from '../../contracts/ncrontab';

const minuteMs = 60_000;
/** Longest time looked back over: after more than a week away, one training makes up for all that were missed. */
const longestLookBackMs = 8 * 24 * 60 * minuteMs;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** When training is scheduled, in the local time of a zone. */
export interface TrainingSchedule {
  /** NCRONTAB of six fields (ALERT_TRAIN_SCHEDULE); seconds are not looked at. */
  readonly schedule: string;
  /** IANA name (ALERT_TIME_ZONE). */
  readonly timeZone: string;
}

/**
 * Whether a scheduled minute lies after `lastMs` and not after `nowMs`. The clock's zone is asked for every minute that
 * might be one, so summer time is followed: a minute that the clock skips is left out, one that comes twice counts twice.
 * @throws SETTINGS_INVALID naming the setting when schedule or zone cannot be read
 */
export function trainingDue(
  { schedule, timeZone }: TrainingSchedule,
  lastMs: number,
  nowMs: number,
): boolean {
  const fields = readFields(schedule);
  const localTime = localClock(timeZone);
  const from = Math.max(lastMs, nowMs - longestLookBackMs);
  for (let minute = Math.floor(from / minuteMs) + 1; minute * minuteMs <= nowMs; minute++) {
    const time = localTime(minute * minuteMs);
    if (time.every((value, index) => fields[index]?.has(value) ?? true)) return true;
  }
  return false;
}

/** Minute, hour, day, month and weekday; undefined where any will do. */
function readFields(schedule: string): (Set<number> | undefined)[] {
  const pattern = toCronPattern(schedule);
  if ('problem' in pattern) {
    throw new QuarterdeckError('SETTINGS_INVALID', `ALERT_TRAIN_SCHEDULE ${pattern.problem}`, {
      culprit: { setting: 'ALERT_TRAIN_SCHEDULE' },
    });
  }
  return pattern.cron
    .split(' ')
    .slice(1)
    .map((field) => (field === '*' ? undefined : new Set(field.split(',').map(Number))));
}

function localClock(timeZone: string): (timeMs: number) => number[] {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  } catch (error) {
    throw new QuarterdeckError('SETTINGS_INVALID', `ALERT_TIME_ZONE is no time zone: ${timeZone}`, {
      culprit: { setting: 'ALERT_TIME_ZONE' },
      cause: error,
    });
  }
  return (timeMs) => {
    const parts = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const number = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
    return [
      number('minute'),
      number('hour'),
      number('day'),
      number('month'),
      weekdays.indexOf(parts.get('weekday')!),
    ];
  };
}
