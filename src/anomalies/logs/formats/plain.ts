import type { LogLevel } from '../../../contracts';
import { levelOfWord } from '../level';
import {
  emptyMetadata,
  mostMetadata,
  noMetadata,
  type Metadata,
  type MetadataValue,
  type ParseContext,
  type ParsedRecord,
} from '../parsedRecord';
import { readTime, type TimeReading } from '../time/readTime';

/**
 * Lines as loggers write them for people: a time, a level, mostly a thread in brackets and a logger, then the
 * message: `2026-07-01 08:30:00,123 [main] WARN com.example.Orders - queue is full`. Everything in front is optional.
 */

/** Heads of lines are short; deeper in the line a word like "error" is part of the message. */
const headWords = 6;
const longestWord = 200;
const reading: TimeReading = { micros: 0, end: 0 };

export function parsePlainRecord(line: string, context: ParseContext): ParsedRecord {
  let at = 0;
  let atMicros: number | undefined;
  const start = line.charCodeAt(0) === 91 ? 1 : 0;
  if (readTime(line, start, context, reading)) {
    atMicros = reading.micros;
    at = reading.end;
    if (start === 1 && line.charCodeAt(at) === 93) at++;
  }
  return readHead(line, at, atMicros);
}

function readHead(line: string, from: number, atMicros: number | undefined): ParsedRecord {
  let at = from;
  let level: LogLevel | undefined;
  let source: string | null = null;
  let thread: string | undefined;
  for (let words = 0; words < headWords; words++) {
    at = skipBlanks(line, at);
    const end = endOfWord(line, at);
    if (end === at || end - at > longestWord) break;
    const word = bare(line, at, end);
    const asLevel = level === undefined ? levelOfWord(word) : undefined;
    if (asLevel !== undefined) {
      level = asLevel;
      at = end;
      continue;
    }
    const open = line.charCodeAt(at);
    const close = line.charCodeAt(end - 1);
    if (open === 91 && close === 93) {
      if (thread === undefined) thread = word;
      else if (source === null) source = word;
      at = end;
      continue;
    }
    if (open === 45 && end === at + 1) {
      at = end;
      continue;
    }
    if (source === null && isSource(line, at, end, atMicros !== undefined || level !== undefined)) {
      source = close === 58 || close === 93 ? line.slice(at, end - 1) : line.slice(at, end);
      at = end;
      // What a logger's name ends is the head.
      if (level !== undefined) {
        const dash = skipBlanks(line, at);
        at = line.charCodeAt(dash) === 45 && line.charCodeAt(dash + 1) === 32 ? dash + 1 : at;
        break;
      }
      continue;
    }
    break;
  }
  const message = line.slice(skipBlanks(line, at));
  return {
    atMicros,
    level: level ?? 'info',
    source,
    message,
    metadata: pairsOf(message, thread),
    format: 'plain',
  };
}

/** A name that ends in a colon or bracket, or has dots inside as class names have, right after the time or level. */
function isSource(line: string, at: number, end: number, hasHead: boolean): boolean {
  if (!hasHead) return false;
  const close = line.charCodeAt(end - 1);
  let dots = 0;
  for (let index = at; index < end - 1; index++) {
    const code = line.charCodeAt(index);
    const letter = code | 0x20;
    if (code === 46 || code === 36) dots++;
    else if (!(
      (letter >= 97 && letter <= 122) ||
      (code >= 48 && code <= 57) ||
      code === 95 ||
      code === 45 ||
      code === 47 ||
      code === 58
    )) {
      return false;
    }
  }
  if (close === 58 || close === 93) return end - at > 1;
  const next = skipBlanks(line, end);
  const dashed = line.charCodeAt(next) === 45 && line.charCodeAt(next + 1) === 32;
  return dashed || (dots > 0 && isLetter(close) && isLetter(line.charCodeAt(at)));
}

/** Pairs inside a message, as in `took=12ms user=7`; the message keeps them. */
function pairsOf(message: string, thread: string | undefined): Metadata {
  let equals = message.indexOf('=');
  if (equals < 0 && thread === undefined) return noMetadata;
  const metadata: Record<string, MetadataValue> = emptyMetadata();
  if (thread !== undefined) metadata['thread'] = thread;
  let kept = 0;
  let scanned = 0;
  while (equals >= 0 && kept < mostMetadata) {
    let start = equals;
    while (start > scanned && isKeyPart(message.charCodeAt(start - 1))) start--;
    const end = endOfWord(message, equals + 1);
    if (start < equals && isLetter(message.charCodeAt(start)) && end > equals + 1) {
      metadata[message.slice(start, equals)] = trimPunctuation(message.slice(equals + 1, end));
      kept++;
    }
    scanned = Math.max(end, equals + 1);
    equals = message.indexOf('=', scanned);
  }
  return metadata;
}

function trimPunctuation(value: string): string {
  const last = value.charCodeAt(value.length - 1);
  return last === 44 || last === 59 ? value.slice(0, -1) : value;
}

function isKeyPart(code: number): boolean {
  return isLetter(code) || (code >= 48 && code <= 57) || code === 95 || code === 46 || code === 45;
}

function isLetter(code: number): boolean {
  const letter = code | 0x20;
  return letter >= 97 && letter <= 122;
}

/** The word without brackets, colon or bar around it. */
function bare(line: string, at: number, end: number): string {
  let start = at;
  let stop = end;
  const open = line.charCodeAt(start);
  if (open === 91 || open === 40 || open === 60 || open === 124) start++;
  while (stop > start) {
    const close = line.charCodeAt(stop - 1);
    if (close !== 93 && close !== 41 && close !== 62 && close !== 58 && close !== 124 && close !== 44) break;
    stop--;
  }
  return line.slice(start, stop);
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) <= 32) at++;
  return at;
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) > 32) at++;
  return at;
}
