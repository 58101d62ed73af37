import type { LogLevel } from '../../contracts';
import { levelOfNumber, levelOfWord } from '../logs';

/** OpenTelemetry's severity numbers: four for each level, from 1. */
const bySeverity: readonly LogLevel[] = ['trace', 'debug', 'info', 'warning', 'error', 'fatal'];
const severitiesPerLevel = 4;

/** A level as an envelope gives it: a word in any usual spelling, or a number of pino or bunyan. */
export function readLevel(value: unknown): LogLevel | undefined {
  if (typeof value === 'number') return levelOfNumber(value);
  if (typeof value !== 'string') return undefined;
  const word = value.trim();
  // OpenTelemetry writes WARN2, ERROR3 for shades of a level.
  return levelOfWord(word) ?? levelOfWord(word.replace(/[234]$/, ''));
}

/** The level of an OpenTelemetry severity number, 1 to 24; undefined for 0, which says nothing. */
export function levelOfSeverity(severity: number): LogLevel | undefined {
  return severity >= 1 ? bySeverity[Math.floor((severity - 1) / severitiesPerLevel)] : undefined;
}
