import { z } from 'zod';
import { excerptOf, type AlertCandidate, type Decoded, type Refusal } from '../candidate';

export interface DecodedBody {
  readonly entries: Iterable<Decoded>;
  /** What the sender should know of the body as a whole. */
  readonly notes: readonly string[];
}

export function candidateEntry(index: number, record: unknown, candidate: AlertCandidate): Decoded {
  return { index, candidate, excerpt: () => excerptOf(record) };
}

export function refusedEntry(index: number, record: unknown, refusal: Refusal): Decoded {
  return { index, refusal, excerpt: () => excerptOf(record) };
}

export function ignoredEntry(index: number, record: unknown, ignored: string): Decoded {
  return { index, ignored, excerpt: () => excerptOf(record) };
}

/** One record by its schema: what makes a candidate of it, or the refusal that says which field is wrong. */
export function decodeRecord<T>(
  index: number,
  record: unknown,
  schema: z.ZodType<T>,
  candidateOf: (record: T) => AlertCandidate,
): Decoded {
  const parsed = schema.safeParse(record);
  if (parsed.success) return candidateEntry(index, record, candidateOf(parsed.data));
  return refusedEntry(index, record, malformed(parsed.error));
}

const problemCharacters = 300;

export function malformed(error: z.ZodError): Refusal {
  const [issue] = error.issues;
  const field = issue?.path.map(String).join('.') ?? '';
  const message = `${field === '' ? 'the record' : field}: ${issue?.message ?? 'is malformed'}`;
  return { code: 'RECORD_MALFORMED', message: message.slice(0, problemCharacters) };
}

/** Text of a field that senders fill with text, numbers or nothing. */
export const looseText = z
  .union([z.string(), z.number(), z.boolean()])
  .transform(String)
  .nullish()
  .catch(undefined);
