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

const probability = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const significant = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 });
const large = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4, notation: 'compact' });
const largestWritten = 1e5;

/** A probability or share with the digits that tell scores apart. */
export const formatScore = (value: number | null): string =>
  value === null ? '–' : probability.format(value);
/** Any measured value, as short as it can be. */
export const formatSize = (value: number | null): string =>
  value === null ? 'missing' : (Math.abs(value) < largestWritten ? significant : large).format(value);

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A value with its UCUM unit; bytes in the unit that fits. */
export function formatMeasured(value: number, unit: string | null): string {
  if (unit === null || unit === '1') return formatSize(value);
  if (unit !== 'By') return `${formatSize(value)} ${unit}`;
  const power = Math.floor(Math.log10(Math.max(1, Math.abs(value))) / 3);
  const step = Math.min(power, byteUnits.length - 1);
  return `${formatSize(value / 1000 ** step)} ${byteUnits[step]}`;
}
