import type { BusinessHours, CalendarFunction } from './featureSet';
import { ZoneOffset } from './zoneOffset';

const minutesPerDay = 1_440;
const daysPerWeek = 7;
/** 1 January 1970 was a Thursday; days of the week are counted from Monday, 0. */
const firstWeekday = 3;
const minuteMs = 60_000;

interface LocalTime {
  readonly minuteOfDay: number;
  /** 0 is Monday. */
  readonly weekday: number;
}

const hourOf = ({ minuteOfDay }: LocalTime): number => Math.floor(minuteOfDay / 60);
const isWeekend = ({ weekday }: LocalTime): boolean => weekday >= 5;
const dayAngle = ({ minuteOfDay }: LocalTime): number => (2 * Math.PI * minuteOfDay) / minutesPerDay;
const weekAngle = ({ weekday, minuteOfDay }: LocalTime): number =>
  (2 * Math.PI * (weekday * minutesPerDay + minuteOfDay)) / (minutesPerDay * daysPerWeek);

const features: Readonly<Record<CalendarFunction, (time: LocalTime, business: BusinessHours) => number>> = {
  hour_of_day: hourOf,
  day_of_week: ({ weekday }) => weekday,
  is_weekend: (time) => (isWeekend(time) ? 1 : 0),
  is_business_hours: (time, { from, to }) =>
    !isWeekend(time) && hourOf(time) >= from && hourOf(time) < to ? 1 : 0,
  hour_of_day_sin: (time) => Math.sin(dayAngle(time)),
  hour_of_day_cos: (time) => Math.cos(dayAngle(time)),
  day_of_week_sin: (time) => Math.sin(weekAngle(time)),
  day_of_week_cos: (time) => Math.cos(weekAngle(time)),
};

/**
 * The local time of minutes since 1970. The one source of calendar features for rows from the warehouse and rows
 * from memory, so that they cannot differ by the age of two databases of time zones.
 */
export class Calendar {
  private readonly zone: ZoneOffset;

  /** @throws PARAMETER_INVALID for a zone that is not known here. */
  constructor(
    timeZone: string,
    private readonly businessHours: BusinessHours,
  ) {
    this.zone = new ZoneOffset(timeZone);
  }

  valueOf(feature: CalendarFunction, minute: number): number {
    const local = minute + this.zone.millisecondsAt(minute * minuteMs) / minuteMs;
    const day = Math.floor(local / minutesPerDay);
    const weekday = (((day + firstWeekday) % daysPerWeek) + daysPerWeek) % daysPerWeek;
    return features[feature]({ minuteOfDay: local - day * minutesPerDay, weekday }, this.businessHours);
  }
}
