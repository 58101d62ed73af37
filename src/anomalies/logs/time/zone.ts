import { QuarterdeckError } from '../../../contracts';
import { digitRun, digitsAt } from './calendar';

/** Zones as logs write them: `Z`, `+0200`, `-03:30`, `CEST`. Names that several zones share (`IST`) are not taken. */
const namedOffsets: ReadonlyMap<string, number> = new Map([
  ['Z', 0],
  ['UTC', 0],
  ['GMT', 0],
  ['WET', 0],
  ['WEST', 60],
  ['CET', 60],
  ['CEST', 120],
  ['EET', 120],
  ['EEST', 180],
  ['MSK', 180],
  ['EST', -300],
  ['EDT', -240],
  ['CST', -360],
  ['CDT', -300],
  ['MST', -420],
  ['MDT', -360],
  ['PST', -480],
  ['PDT', -420],
  ['JST', 540],
  ['KST', 540],
  ['AEST', 600],
  ['AEDT', 660],
]);
const longestName = 4;

export interface ZoneReading {
  /** Minutes ahead of UTC; undefined when the text names no zone. */
  minutes: number | undefined;
  /** Where the zone ends. */
  end: number;
}

/** Reads a zone at `at`, one blank before it allowed. */
export function readZone(text: string, at: number, reading: ZoneReading): void {
  reading.minutes = undefined;
  reading.end = at;
  const start = text.charCodeAt(at) === 32 ? at + 1 : at;
  const first = text.charCodeAt(start);
  if (first === 43 || first === 45) readOffset(text, start, reading);
  else if (first >= 65 && first <= 90) readName(text, start, reading);
}

function readOffset(text: string, start: number, reading: ZoneReading): void {
  const digits = digitRun(text, start + 1, 5);
  const sign = text.charCodeAt(start) === 45 ? -1 : 1;
  const hours = digitsAt(text, start + 1, 2);
  if (hours < 0 || hours > 18) return;
  let minutes = 0;
  let end = start + 3;
  if (digits === 4) {
    minutes = digitsAt(text, start + 3, 2);
    end = start + 5;
  } else if (digits !== 2) {
    return;
  } else if (text.charCodeAt(end) === 58 && digitRun(text, end + 1, 3) === 2) {
    minutes = digitsAt(text, end + 1, 2);
    end += 3;
  }
  if (minutes > 59) return;
  reading.minutes = sign * (hours * 60 + minutes);
  reading.end = end;
}

function readName(text: string, start: number, reading: ZoneReading): void {
  let end = start;
  while (end - start <= longestName && isUpperCase(text.charCodeAt(end))) end++;
  const next = text.charCodeAt(end) | 0x20;
  if (next >= 97 && next <= 122) return;
  const minutes = namedOffsets.get(text.slice(start, end));
  if (minutes === undefined) return;
  reading.minutes = minutes;
  reading.end = end;
}

function isUpperCase(code: number): boolean {
  return code >= 65 && code <= 90;
}

/** Minutes that local time is ahead of UTC, asked with the local time. */
export type LocalOffset = (localMicros: number) => number;

const microsPerHour = 3_600_000_000;
const microsPerMinute = 60_000_000;
/** A few days of lines that come in any order. */
const rememberedHours = 512;

/**
 * Offsets of an IANA zone by local time. In the hour that a clock change repeats the earlier offset counts, in the
 * hour that it leaves out the one before the change.
 * @throws SETTINGS_INVALID when the zone is unknown.
 */
export function localOffsetOf(zone: string): LocalOffset {
  if (zone === 'UTC') return () => 0;
  const format = zoneFormat(zone);
  const remembered = new Map<number, number>();
  return (localMicros) => {
    const hour = Math.floor(localMicros / microsPerHour);
    let offset = remembered.get(hour);
    if (offset === undefined) {
      const before = offsetAt(format, localMicros - 24 * microsPerHour);
      const guess = offsetAt(format, localMicros - before * microsPerMinute);
      const held = offsetAt(format, localMicros - guess * microsPerMinute);
      offset = held === guess ? guess : before;
      if (offsetAt(format, localMicros - before * microsPerMinute) === before) offset = before;
      if (remembered.size >= rememberedHours) remembered.clear();
      remembered.set(hour, offset);
    }
    return offset;
  };
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch (error) {
    throw new QuarterdeckError('SETTINGS_INVALID', `unknown time zone: ${JSON.stringify(zone)}`, {
      culprit: { setting: 'INGEST_TIME_ZONE' },
      cause: error,
    });
  }
}

function offsetAt(format: Intl.DateTimeFormat, micros: number): number {
  const name = format.formatToParts(micros / 1000).find(({ type }) => type === 'timeZoneName')!.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name);
  if (!match?.[1]) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
}
