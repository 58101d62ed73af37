import { excerptOf, type Decoded, type Refusal } from '../batch';

/** Lines of a body, and the objects of NDJSON. */

export interface Line {
  /** Position in the body, empty lines counted. */
  readonly index: number;
  /** Without its line end. Undefined when its bytes are not UTF-8. */
  readonly text: string | undefined;
  readonly bytes: Uint8Array;
}

const newline = 0x0a;
const carriageReturn = 0x0d;

/** Every line that holds something, each decoded by itself, so that one with bad bytes spoils no other. */
export function* linesOf(body: Uint8Array): Generator<Line> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = 0;
  for (let index = 0; start < body.length; index++) {
    let end = body.indexOf(newline, start);
    if (end === -1) end = body.length;
    const stop = end > start && body[end - 1] === carriageReturn ? end - 1 : end;
    const bytes = body.subarray(start, stop);
    start = end + 1;
    if (bytes.length === 0) continue;
    let text: string | undefined;
    try {
      text = decoder.decode(bytes);
    } catch {
      text = undefined;
    }
    if (text === undefined || text.trim() !== '') yield { index, text, bytes };
  }
}

export const invalidText: Refusal = { code: 'RECORD_MALFORMED', message: 'the line is not valid UTF-8' };

/** What stands in place of bytes that are not UTF-8, in an excerpt. */
export function lossyText(bytes: Uint8Array): string {
  return excerptOf(new TextDecoder().decode(bytes.subarray(0, 8_000)));
}

/** As deep as a body in JSON may be: what takes a record apart, or writes it down again, calls itself for each level. */
export const deepestRecord = 32;

export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

/** One line of NDJSON as an object, or why it is none. */
export function parseObject(text: string): { object: Record<string, unknown> } | { refusal: Refusal } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refusal: { code: 'RECORD_MALFORMED', message: `not JSON: ${why.slice(0, 200)}` } };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { refusal: { code: 'RECORD_MALFORMED', message: 'not a JSON object' } };
  }
  if (isDeeperThan(value, deepestRecord)) {
    const message = `nested deeper than ${deepestRecord} levels`;
    return { refusal: { code: 'RECORD_MALFORMED', message } };
  }
  return { object: value as Record<string, unknown> };
}

/** Every object of an NDJSON body, by `read`. */
export function* objectsOf<T>(
  body: Uint8Array,
  read: (index: number, object: Record<string, unknown>) => Iterable<Decoded<T>>,
): Generator<Decoded<T>> {
  for (const { index, text, bytes } of linesOf(body)) {
    if (text === undefined) {
      yield { index, refusal: invalidText, excerpt: () => lossyText(bytes) };
      continue;
    }
    const parsed = parseObject(text);
    if ('refusal' in parsed) yield { index, refusal: parsed.refusal, excerpt: () => excerptOf(text) };
    else yield* read(index, parsed.object);
  }
}
