import { z } from 'zod';
import { modelReferenceSchema, sameReference, type Aliases } from '../../../registry';
import type { StateBlob } from '../stateBlob';

/** Percent of units that meet the candidate, stage by stage. */
export const canaryForms = {
  standard: [10, 30, 50, 100],
  emergency: [5, 20, 50, 100],
} as const;
export const canaryFormSchema = z.enum(['standard', 'emergency']);
export type CanaryForm = z.infer<typeof canaryFormSchema>;

export const canaryStateSchema = z.object({
  id: z.string(),
  form: canaryFormSchema,
  shares: z.array(z.number()).min(1),
  /** Index into `shares`. */
  stage: z.number().int().min(0),
  /** `promoting`: passed its last stage; all that is left is to make the candidate the champion. */
  status: z.enum(['running', 'promoting', 'completed', 'rolled-back', 'aborted']),
  candidate: modelReferenceSchema,
  champion: modelReferenceSchema,
  /** Time of this stage that counts: clocks that jump add nothing to it. */
  bakedMs: z.number().min(0),
  bakeMs: z.number().min(0),
  minimumRequests: z.number().int().min(1),
  startedAt: z.string(),
  lastSteppedAt: z.string(),
  finishedAt: z.string().nullable(),
  startedBy: z.string(),
  /** Why it stands where it stands. */
  reason: z.string(),
  history: z.array(
    z.object({ at: z.string(), stage: z.number().int(), event: z.string(), detail: z.string() }),
  ),
});
export type CanaryState = z.infer<typeof canaryStateSchema>;

export const canaryBlob: StateBlob<CanaryState> = {
  name: 'monitoring/anomaly/canary.json',
  schema: canaryStateSchema,
};

/** Whether a canary still decides who answers: nobody else moves the aliases then. */
export function isUnderWay(canary: CanaryState | undefined): canary is CanaryState {
  return canary?.status === 'running' || canary?.status === 'promoting';
}

/**
 * Whether the challenger is the candidate that this canary took back, and only its alias is still to be withdrawn.
 * When somebody has set the aliases since, that is what is wanted.
 */
export function isTakenBack(canary: CanaryState | undefined, aliases: Aliases): boolean {
  if (canary?.status !== 'rolled-back' && canary?.status !== 'aborted') return false;
  if (canary.finishedAt !== null && aliases.changedAt > canary.finishedAt) return false;
  return sameReference(aliases.challenger, canary.candidate);
}

/** Events kept; a canary has about five, clocks that jump add some. */
const longestHistory = 100;

export function withEvent(state: CanaryState, at: string, event: string, detail: string): CanaryState {
  const history = [...state.history, { at, stage: state.stage, event, detail }].slice(-longestHistory);
  return { ...state, history, reason: detail };
}
