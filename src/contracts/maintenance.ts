import { z } from 'zod';
import type { Timestamp } from './timestamp';

/** Time in which alerts of something are expected: they are kept and shown, and disturb nobody. */

/** One label that an alert must have; `*` in the value stands for any text. */
export const labelMatcherSchema = z.strictObject({
  label: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .describe('label of the alert, or `name`, `source`, `severity`, `service`, `resource`'),
  value: z.string().min(1).max(500).describe('`*` stands for any text'),
});
export type LabelMatcher = z.infer<typeof labelMatcherSchema>;

/** An alert fits when it fits every one of services, teams and matchers that is not empty. */
export interface MaintenanceWindow {
  readonly windowId: string;
  readonly reason: string;
  /** Ids or names of services, any of them. */
  readonly services: readonly string[];
  /** Any of them. */
  readonly teams: readonly string[];
  /** All of them. */
  readonly matchers: readonly LabelMatcher[];
  /** Half-open: [startsAt, endsAt). */
  readonly startsAt: Timestamp;
  readonly endsAt: Timestamp;
  readonly createdBy: string;
  readonly createdAt: Timestamp;
  /** Who ended it before its time; `endsAt` is when. */
  readonly endedBy: string | null;
}
