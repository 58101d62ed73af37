import { excerptOf, type Decoded } from '../batch';
import { fieldFor } from '../fields';
import type { RawLogRecord } from '../logParsing';

/** A plain record of a log: an object with a message under one of its usual names, or text alone. */

export interface PlainLogDefaults {
  readonly instance: string | undefined;
  readonly source: string | undefined;
}

export function plainLog(
  index: number,
  record: Readonly<Record<string, unknown>>,
  defaults: PlainLogDefaults,
): Decoded<RawLogRecord> {
  const names = Object.keys(record);
  const messageName = fieldFor('message', names);
  const instanceName = fieldFor('instance', names);
  const timeName = fieldFor('time', names);
  const levelName = fieldFor('level', names);
  const sourceName = fieldFor('source', names);
  const recordName = fieldFor('record', names);
  const message = messageName === undefined ? undefined : record[messageName];
  const taken = new Set([messageName, instanceName, timeName, levelName, sourceName, recordName]);
  const instance = textOf(instanceName, record);
  const source = textOf(sourceName, record);
  const id = textOf(recordName, record);
  return {
    index,
    candidate: {
      // An object without a message is an event of its own: its JSON says what happened.
      text: typeof message === 'string' ? message : JSON.stringify(message ?? record),
      instance: instance ?? defaults.instance,
      at: timeName === undefined ? undefined : record[timeName],
      level: levelName === undefined ? undefined : record[levelName],
      source: source ?? defaults.source,
      ...(id !== undefined && { id }),
      attributes: Object.fromEntries(Object.entries(record).filter(([name]) => !taken.has(name))),
    },
    excerpt: () => excerptOf(record),
  };
}

export function plainLine(index: number, line: string, defaults: PlainLogDefaults): Decoded<RawLogRecord> {
  return {
    index,
    candidate: { text: line, ...defaults, at: undefined, level: undefined, attributes: {} },
    excerpt: () => excerptOf(line),
  };
}

function textOf(name: string | undefined, record: Readonly<Record<string, unknown>>): string | undefined {
  const value = name === undefined ? undefined : record[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
