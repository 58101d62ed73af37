import type { LogLevel } from '../../contracts';

/** Levels as loggers, system logs and services spell them. */
const levelByWord: ReadonlyMap<string, LogLevel> = new Map(
  (
    [
      ['trace', 'trace trc finest finer verbose'],
      ['debug', 'debug dbg dbug fine'],
      ['info', 'info inf information informational notice config log'],
      ['warning', 'warning warn wrn'],
      ['error', 'error err eror severe failure'],
      ['fatal', 'fatal ftl critical crit emergency emerg alert panic'],
    ] as const
  ).flatMap(([level, words]) => words.split(' ').map((word) => [word, level] as const)),
);
const longestWord = 13;

/** The level that a word means; undefined when it means none. */
export function levelOfWord(word: string): LogLevel | undefined {
  return word.length <= longestWord
    ? (levelByWord.get(word) ?? levelByWord.get(word.toLowerCase()))
    : undefined;
}

const bySeverity = ['fatal', 'fatal', 'fatal', 'error', 'warning', 'info', 'info', 'debug'] as const;

/** Syslog severity, 0 (emergency) to 7 (debug); RFC 5424, section 6.2.1. */
export function levelOfSeverity(severity: number): LogLevel {
  return bySeverity[severity & 7]!;
}

/** Numbers of pino and bunyan (10 to 60); others mean nothing by themselves. */
export function levelOfNumber(value: number): LogLevel | undefined {
  switch (value) {
    case 10:
      return 'trace';
    case 20:
      return 'debug';
    case 30:
      return 'info';
    case 40:
      return 'warning';
    case 50:
      return 'error';
    case 60:
      return 'fatal';
    default:
      return undefined;
  }
}

/** HTTP status of an access log: the server's failures are errors, the caller's are warnings. */
export function levelOfStatus(status: number): LogLevel {
  if (status >= 500) return 'error';
  return status >= 400 ? 'warning' : 'info';
}

/** Letters of glog and klog: `I0701 …`. */
export function levelOfLetter(letter: string): LogLevel | undefined {
  switch (letter) {
    case 'I':
      return 'info';
    case 'W':
      return 'warning';
    case 'E':
      return 'error';
    case 'F':
      return 'fatal';
    case 'D':
      return 'debug';
    default:
      return undefined;
  }
}
