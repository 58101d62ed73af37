import { z } from 'zod';
import { QuarterdeckError } from './errors';
import { toTimestamp, type Timestamp } from './timestamp';

/** A calendar quarter, the period that one model version is trained on. */
export const quarterSchema = z.object({
  year: z.number().int().min(1970).max(9999),
  quarter: z.enum(['q1', 'q2', 'q3', 'q4']),
});
export type Quarter = z.infer<typeof quarterSchema>;

/** Reads `2026q3`, `2026-q3` or `2026/q3`. Throws INPUT_INVALID. */
export function parseQuarter(text: string): Quarter {
  const match = /^(\d{4})[-/]?(q[1-4])$/i.exec(text.trim());
  if (!match) {
    throw new QuarterdeckError(
      'INPUT_INVALID',
      `not a quarter: ${JSON.stringify(text)} (expected e.g. 2026q3)`,
    );
  }
  return quarterSchema.parse({ year: Number(match[1]), quarter: match[2]!.toLowerCase() });
}

export function quarterOf(timestamp: Timestamp): Quarter {
  const month = Number(timestamp.slice(5, 7));
  return quarterSchema.parse({
    year: Number(timestamp.slice(0, 4)),
    quarter: `q${Math.floor((month - 1) / 3) + 1}`,
  });
}

/** First instant of the quarter, and first instant after it. */
export function quarterBounds({ year, quarter }: Quarter): { from: Timestamp; to: Timestamp } {
  const index = Number(quarter[1]) - 1;
  return {
    from: toTimestamp(Date.UTC(year, index * 3, 1)),
    to: toTimestamp(Date.UTC(year, index * 3 + 3, 1)),
  };
}

export function previousQuarter({ year, quarter }: Quarter): Quarter {
  const index = Number(quarter[1]);
  return index === 1
    ? { year: year - 1, quarter: 'q4' }
    : quarterSchema.parse({ year, quarter: `q${index - 1}` });
}

export function quarterName({ year, quarter }: Quarter): string {
  return `${year}${quarter}`;
}
