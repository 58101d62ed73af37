import { z } from 'zod';
import type { Timestamp } from './timestamp';

/** What somebody did to a service: the first suspect when alerts follow. */

export const changeKinds = [
  'deployment',
  'configuration',
  'feature-flag',
  'infrastructure',
  'other',
] as const;
export const changeKindSchema = z.enum(changeKinds);
export type ChangeKind = z.infer<typeof changeKindSchema>;

export interface ChangeEvent {
  /** The sender's own id, else made from what was changed and when. */
  readonly changeId: string;
  /** The system that told of it: `github`, `argo-cd`, `plain`, … */
  readonly source: string;
  readonly kind: ChangeKind;
  /** As the sender calls it; null when the change names no service. */
  readonly service: string | null;
  readonly title: string;
  readonly description: string;
  readonly version: string | null;
  /** The sender's own word: `success`, `failure`, `in_progress`. */
  readonly status: string | null;
  readonly at: Timestamp;
  /** Null while it goes on, or when nobody said. */
  readonly finishedAt: Timestamp | null;
  readonly author: string | null;
  readonly url: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly arrivedAt: Timestamp;
}
