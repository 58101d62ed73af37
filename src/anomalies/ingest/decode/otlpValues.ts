import { z } from 'zod';

/** The attribute values of OpenTelemetry, as JSON and protobuf both give them after decoding. */

export interface AnyValue {
  readonly stringValue?: unknown;
  readonly boolValue?: unknown;
  readonly intValue?: unknown;
  readonly doubleValue?: unknown;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] } | null;
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] } | null;
  readonly bytesValue?: unknown;
}

export interface KeyValue {
  readonly key?: unknown;
  readonly value?: AnyValue | null;
}

export const listOf = <T extends z.ZodType>(item: T) => z.array(item).nullish();
export const keyValues = z.custom<readonly KeyValue[]>(
  (value) => value === undefined || value === null || Array.isArray(value),
);
export const resourceSchema = z.looseObject({ attributes: keyValues.optional() }).nullish();

/** Deeper values are told as text; a decoder must not recurse as deep as a sender likes. */
const deepest = 16;

export function plainValue(value: AnyValue | null | undefined, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (value.intValue !== undefined && value.intValue !== null) return integer(value.intValue);
  if (value.doubleValue !== undefined && value.doubleValue !== null) return jsonNumber(value.doubleValue);
  if (value.bytesValue instanceof Uint8Array) return Buffer.from(value.bytesValue).toString('base64');
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  if (depth >= deepest) return JSON.stringify(value);
  if (Array.isArray(value.arrayValue?.values)) {
    return value.arrayValue.values.map((item) => plainValue(item, depth + 1));
  }
  if (Array.isArray(value.kvlistValue?.values)) return plainAttributes(value.kvlistValue.values, depth + 1);
  return null;
}

export function plainAttributes(
  attributes: readonly KeyValue[] | null | undefined,
  depth = 0,
): Record<string, unknown> {
  const entries = (attributes ?? []).flatMap((pair): [string, unknown][] =>
    typeof pair === 'object' && pair !== null && typeof pair.key === 'string'
      ? [[pair.key, plainValue(pair.value, depth)]]
      : [],
  );
  return Object.fromEntries(entries);
}

/** 64-bit integers travel as text in JSON; what a double holds exactly becomes a number. */
export function integer(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Doubles may be written `"NaN"`, `"Infinity"`, `"-Infinity"`, or as text of a number. */
export function jsonNumber(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return text === 'NaN' || (text !== '' && !Number.isNaN(Number(text))) ? Number(text) : value;
}

/** Attributes that name who reports, best first. */
const instanceAttributes = ['host.name', 'k8s.pod.name', 'container.name', 'service.instance.id', 'host.id'];

/**
 * The instance that a resource stands for: a service on its host (`checkout@web-1`), so that two services of one
 * host do not overwrite each other, else whichever of the two is known.
 */
export function instanceOf(attributes: Readonly<Record<string, unknown>>): string | undefined {
  const text = (name: string): string | undefined => {
    const value = attributes[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const place = instanceAttributes.map(text).find((value) => value !== undefined);
  const service = text('service.name');
  const named = service !== undefined && !service.startsWith('unknown_service') ? service : undefined;
  if (named !== undefined && place !== undefined) return `${named}@${place}`;
  return named ?? place ?? service;
}
