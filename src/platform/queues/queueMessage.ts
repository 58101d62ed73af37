import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';

/**
 * A queue message as its schema says.
 * @param message as text or already parsed
 * @throws INPUT_INVALID, so that a message that nobody understands ends in the poison queue
 */
export function parseMessage<T>(schema: z.ZodType<T>, message: unknown): T {
  const parsed = schema.safeParse(typeof message === 'string' ? jsonOf(message) : message);
  if (parsed.success) return parsed.data;
  throw new QuarterdeckError(
    'INPUT_INVALID',
    `not a message of this queue: ${z.prettifyError(parsed.error)}`,
    {
      culprit: { field: parsed.error.issues[0]?.path.join('.') ?? '' },
      cause: parsed.error,
    },
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says that text is no message.
    return text;
  }
}
