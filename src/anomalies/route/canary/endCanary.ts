import { isQuarterdeckError, toTimestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { readAliases, setAlias, type AliasOrder } from '../../../registry';
import { writeState, type StoredState } from '../stateBlob';
import { canaryBlob, isTakenBack, withEvent, type CanaryState } from './canaryState';

type EndPlatform = Pick<Platform, 'blobs' | 'clock' | 'telemetry'>;

/** What a canary did by itself. */
export function automatic(reason: string): AliasOrder {
  return { by: 'canary', reason };
}

/**
 * Makes the candidate of a `promoting` canary the champion, and then says so. Stored first, promoted second: whoever
 * finds the state `promoting` does the rest, and can do it again; nobody finds the alias moved by a canary that was
 * stopped.
 * @returns undefined when somebody else was faster with the state: it has to be read again
 */
export async function promoteCandidate(
  platform: EndPlatform,
  { state, etag }: StoredState<CanaryState>,
  signal: AbortSignal,
): Promise<CanaryState | undefined> {
  const refusal = await refusalOf(platform, state, signal);
  const at = toTimestamp(platform.clock.now());
  const ended: CanaryState = { ...state, finishedAt: at, lastSteppedAt: at };
  const next = refusal
    ? withEvent({ ...ended, status: 'rolled-back' }, at, 'rolled back', refusal)
    : withEvent({ ...ended, status: 'completed' }, at, 'completed', state.reason);
  if (!(await writeState(platform, canaryBlob, next, etag, signal))) return undefined;
  if (refusal) await withdrawCandidate(platform, next, automatic(refusal), signal);
  return next;
}

/** Moves the alias; what speaks against it for good is an answer, everything else is thrown and tried again. */
async function refusalOf(
  platform: EndPlatform,
  { candidate, reason }: CanaryState,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await setAlias(platform, 'champion', candidate, automatic(reason), signal);
    return undefined;
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_MISSING') && !isQuarterdeckError(error, 'MODEL_CORRUPT'))
      throw error;
    platform.telemetry.exception(error, { canary: candidate.version });
    return `cannot be promoted: ${error.message}`;
  }
}

/** A candidate that was taken back is no challenger either: the usual weights would send units to it. */
export async function withdrawCandidate(
  platform: EndPlatform,
  state: CanaryState,
  order: AliasOrder,
  signal: AbortSignal,
): Promise<void> {
  const aliases = (await readAliases(platform, signal))?.aliases;
  if (aliases && isTakenBack(state, aliases)) await setAlias(platform, 'challenger', null, order, signal);
}
