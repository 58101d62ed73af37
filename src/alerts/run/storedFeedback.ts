import { z } from 'zod';
import type { Alert, StoredGroupFeedback } from '../../contracts';
import type { FeedbackAlert, GroupFeedback } from '../feedback';

/** Alerts of a group as they are kept with what was said of it: enough to know the same storm again. */

const keysSchema = z.array(
  z.object({
    service: z.string().nullable(),
    name: z.string(),
    fingerprint: z.string(),
    startsAt: z.string(),
  }),
);
/** A group of more conditions than this is known again by these. */
const mostConditions = 2_000;

/** One entry per condition, that of its first firing. */
export function feedbackKeys(
  alerts: readonly Pick<Alert, 'service' | 'name' | 'fingerprint' | 'startsAt'>[],
): string {
  const first = new Map<string, FeedbackAlert>();
  for (const { service, name, fingerprint, startsAt } of alerts) {
    const known = first.get(fingerprint);
    if (known === undefined || startsAt < known.startsAt) {
      first.set(fingerprint, { service, name, fingerprint, startsAt });
    }
  }
  const keys = [...first.values()].sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1));
  return JSON.stringify(keys.slice(0, mostConditions));
}

export function groupFeedback(rows: readonly StoredGroupFeedback[]): GroupFeedback[] {
  const keys = (json: string): FeedbackAlert[] => keysSchema.parse(JSON.parse(json));
  return rows.map(({ kind, at, memberKeysJson, otherKeysJson }) => ({
    kind,
    at,
    members: keys(memberKeysJson),
    ...(kind === 'split' && { apart: keys(otherKeysJson) }),
    ...(kind === 'merge' && { other: keys(otherKeysJson) }),
  }));
}
