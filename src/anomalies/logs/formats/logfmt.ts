import { recordFromFields, type Field } from '../fields';
import type { MetadataValue, ParseContext, ParsedRecord } from '../parsedRecord';

/** `key=value key="quoted \"value\"" flag`: one pass, no pattern that could go back over the text. */

const space = 32;
const quote = 34;
const equals = 61;
const backslash = 92;
/** Fewer pairs are a sentence with an equals sign in it. */
const fewestPairs = 2;
const longestKey = 100;

/** Undefined when the line is not pairs from its first word to its last. */
export function parseLogfmtRecord(line: string, context: ParseContext): ParsedRecord | undefined {
  const fields: Field[] = [];
  let pairs = 0;
  let at = 0;
  while (at < line.length) {
    if (line.charCodeAt(at) <= space) {
      at++;
      continue;
    }
    const keyEnd = endOfKey(line, at);
    if (keyEnd === at) return undefined;
    const key = line.slice(at, keyEnd);
    if (line.charCodeAt(keyEnd) !== equals) {
      // A bare word is a flag, but a line that begins with one is prose.
      if (pairs === 0 || line.charCodeAt(keyEnd) > space) return undefined;
      fields.push([key, true]);
      at = keyEnd;
      continue;
    }
    pairs++;
    at = keyEnd + 1;
    if (line.charCodeAt(at) === quote) {
      const end = endOfQuoted(line, at);
      if (end < 0) return undefined;
      fields.push([key, unquote(line.slice(at + 1, end))]);
      at = end + 1;
    } else {
      const end = endOfWord(line, at);
      fields.push([key, typed(line.slice(at, end))]);
      at = end;
    }
  }
  // A line of flags and two pairs in between is more likely prose.
  if (pairs < fewestPairs || fields.length > 2 * pairs) return undefined;
  return recordFromFields(fields, 'logfmt', context);
}

function endOfKey(line: string, from: number): number {
  let at = from;
  while (at < line.length && at - from < longestKey) {
    const code = line.charCodeAt(at);
    const letter = code | 0x20;
    const part =
      (letter >= 97 && letter <= 122) ||
      (code >= 48 && code <= 57) ||
      code === 95 ||
      code === 46 ||
      code === 45 ||
      code === 64 ||
      code === 47;
    if (!part) break;
    at++;
  }
  return at;
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) > space) at++;
  return at;
}

/** Index of the closing quote; -1 when there is none. */
export function endOfQuoted(line: string, from: number): number {
  for (let at = from + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quote) return at;
  }
  return -1;
}

export function unquote(text: string): string {
  return text.includes('\\')
    ? text.replaceAll(/\\(.)/gsu, (_, letter: string) =>
        letter === 'n' ? '\n' : letter === 't' ? '\t' : letter,
      )
    : text;
}

function typed(text: string): MetadataValue {
  if (text === 'true') return true;
  if (text === 'false') return false;
  const first = text.charCodeAt(0);
  const digit = first === 45 ? text.charCodeAt(1) : first;
  if (digit >= 48 && digit <= 57 && text.length <= 15) {
    const value = Number(text);
    // Only where nothing is lost: 007 and 1.50 stay as they are.
    if (String(value) === text) return value;
  }
  return text;
}
