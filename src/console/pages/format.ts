const whole = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

export const formatCount = (value: number): string => whole.format(value);
export const formatShare = (value: number | null): string => (value === null ? '–' : percent.format(value));
/** Microseconds are cut off: browsers parse milliseconds. */
export const formatTime = (timestamp: string | null): string =>
  timestamp === null ? '–' : moment.format(new Date(timestamp.slice(0, 23) + 'Z'));
export const formatDay = (timestamp: string): string => day.format(new Date(timestamp.slice(0, 23) + 'Z'));

export function formatTrend(trend: number | null): string {
  if (trend === null) return '–';
  const arrow = trend > 0.05 ? '▲' : trend < -0.05 ? '▼' : '●';
  return `${arrow} ${trend > 0 ? '+' : ''}${percent.format(trend)}`;
}
