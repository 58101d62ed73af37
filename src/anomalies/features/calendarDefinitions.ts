import { calendarFunctions, type CalendarFunction, type FeatureDefinition } from '../../contracts';

const units: Readonly<Record<CalendarFunction, string>> = {
  hour_of_day: 'h',
  day_of_week: 'd',
  is_weekend: '1',
  is_business_hours: '1',
  hour_of_day_sin: '1',
  hour_of_day_cos: '1',
  day_of_week_sin: '1',
  day_of_week_cos: '1',
};

export function calendarDefinitions(): FeatureDefinition[] {
  return calendarFunctions.map((name) => ({
    name,
    inputs: [],
    windowMinutes: 0,
    function: name,
    unit: units[name],
  }));
}
