import { seededRandom, toTimestamp, type LogLevel, type Random, type Timestamp } from '../../contracts';
import { faultKinds, type FaultKind } from './faultKinds';
import type { GeneratedServer } from './generateServers';
import { strengthAt } from './planFaults';

export interface GeneratedLogLine {
  readonly at: Timestamp;
  readonly level: LogLevel;
  readonly source: string;
  readonly message: string;
}

interface Voice {
  readonly source: string;
  readonly level: LogLevel;
  /** `#` is a number that differs from line to line. */
  readonly message: string;
  readonly perMinute: number;
}

const ordinaryVoices: readonly Voice[] = [
  {
    source: 'api',
    level: 'info',
    message: 'served # requests in the last minute, slowest # ms',
    perMinute: 0.2,
  },
  { source: 'api', level: 'info', message: 'session # opened for user #', perMinute: 0.15 },
  { source: 'scheduler', level: 'info', message: 'job cleanup-# finished in # ms', perMinute: 0.05 },
  { source: 'kernel', level: 'debug', message: 'interrupt balance moved # handlers', perMinute: 0.02 },
  { source: 'api', level: 'warning', message: 'slow query took # ms', perMinute: 0.02 },
  { source: 'api', level: 'error', message: 'client # closed the connection early', perMinute: 0.01 },
];
/** Lines of a fault of full strength per minute, of each of its messages. */
const faultLinesPerMinute = 0.7;
const kindByName = new Map<string, FaultKind>(faultKinds.map((kind) => [kind.name, kind]));

/** What a generated server wrote, in order of time; the same fleet gives the same lines. */
export function logLines(server: GeneratedServer, seed: number): GeneratedLogLine[] {
  const random = seededRandom(seed).fork(`logs of ${server.instance}`);
  const lines: GeneratedLogLine[] = [];
  let nextFault = 0;
  for (let minute = 0; minute < server.values.n; minute++) {
    const atMs = (server.startMinute + minute) * 60_000;
    for (const voice of ordinaryVoices) {
      if (random.next() < voice.perMinute) lines.push(lineOf(voice, atMs, random));
    }
    while (nextFault < server.plan.length && server.plan[nextFault]!.endMinute <= minute) nextFault++;
    const fault = server.plan[nextFault];
    const strength = fault ? strengthAt(fault, minute) : 0;
    if (!fault || strength === 0) continue;
    const { logLevel, logMessages } = kindByName.get(fault.kind)!;
    for (const message of logMessages) {
      if (random.next() < faultLinesPerMinute * strength) {
        lines.push(lineOf({ source: 'api', level: logLevel, message }, atMs, random));
      }
    }
  }
  return lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function lineOf(
  { source, level, message }: Omit<Voice, 'perMinute'>,
  atMs: number,
  random: Random,
): GeneratedLogLine {
  return {
    at: toTimestamp(atMs + random.integer(60_000)),
    level,
    source,
    message: message.replaceAll('#', () => String(1 + random.integer(5_000))),
  };
}
