import { recordFromFields, type Field } from '../fields';
import type { MetadataValue, ParseContext, ParsedRecord } from '../parsedRecord';

/** Deeper objects stay JSON text. */
const deepest = 6;
/** Wider records stay JSON text beyond this. */
const mostFields = 400;

/** One JSON object per line; undefined when the text is no JSON object. */
export function parseJsonRecord(text: string, context: ParseContext): ParsedRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // A line that begins with a brace need not be JSON; what it is then is decided by the caller.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!isObject(value)) return undefined;
  return recordFromFields(flatten(value), 'json', context);
}

/** A record that arrived as an object already. */
export function recordFromObject(
  value: Readonly<Record<string, unknown>>,
  context: ParseContext,
): ParsedRecord {
  return recordFromFields(flatten(value), 'json', context);
}

function flatten(object: Readonly<Record<string, unknown>>): Field[] {
  const fields: Field[] = [];
  const add = (value: Readonly<Record<string, unknown>>, prefix: string, depth: number): void => {
    for (const [key, inner] of Object.entries(value)) {
      if (fields.length >= mostFields) return;
      const name = prefix === '' ? key : `${prefix}.${key}`;
      if (isObject(inner) && depth < deepest) add(inner, name, depth + 1);
      else fields.push([name, plain(inner)]);
    }
  };
  add(object, '', 1);
  return fields;
}

function plain(value: unknown): MetadataValue {
  if (
    value === null ||
    typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  ) {
    return value;
  }
  return JSON.stringify(value) ?? null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
