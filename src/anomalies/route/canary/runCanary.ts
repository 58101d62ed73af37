import { anomalyModelNameSchema, QuarterdeckError, toTimestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import {
  anomalyScope,
  readAliases,
  readManifest,
  sameReference,
  type AliasOrder,
  type ModelReference,
} from '../../../registry';
import { readState, writeState, type StoredState } from '../stateBlob';
import { readEvidence, type CanaryHealth } from './canaryHealth';
import { canaryBlob, canaryForms, withEvent, type CanaryForm, type CanaryState } from './canaryState';
import { automatic, promoteCandidate, withdrawCandidate } from './endCanary';
import { judgeCanary } from './judgeCanary';

type CanaryPlatform = Pick<Platform, 'blobs' | 'clock' | 'telemetry' | 'newId' | 'settings'>;

export interface CanaryOrder {
  /** The challenger when undefined. */
  readonly candidate?: ModelReference | undefined;
  readonly form: CanaryForm;
}

/** @returns the last canary, running or over; undefined when there never was one */
export async function canaryState(
  platform: Pick<Platform, 'blobs'>,
  signal: AbortSignal,
): Promise<CanaryState | undefined> {
  return (await readState(platform, canaryBlob, signal))?.state;
}

/**
 * Begins to move units from the champion to the candidate.
 * @throws CANARY_RUNNING when one is under way; MODEL_MISSING without a champion or a candidate; INPUT_INVALID when the
 * candidate is the champion
 */
export async function startCanary(
  platform: CanaryPlatform,
  { candidate: asked, form }: CanaryOrder,
  order: AliasOrder,
  signal: AbortSignal,
): Promise<CanaryState> {
  const { settings } = platform;
  const aliases = (await readAliases(platform, signal))?.aliases;
  const candidate = asked ?? aliases?.challenger ?? undefined;
  if (!aliases?.champion) throw missing('no champion is set: there is nothing to roll out against');
  if (!candidate) throw missing('no challenger is set: name the model and version to roll out');
  if (sameReference(candidate, aliases.champion)) {
    throw new QuarterdeckError('INPUT_INVALID', 'the candidate is the champion already', {
      culprit: { field: 'candidate' },
    });
  }
  await readManifest(platform, anomalyScope(candidate.model), candidate.version, signal);
  const minutes =
    form === 'emergency' ? settings.CANARY_EMERGENCY_BAKE_MINUTES : settings.CANARY_BAKE_MINUTES;
  for (;;) {
    const stored = await readState(platform, canaryBlob, signal);
    if (stored?.state.status === 'promoting') throw promoting(stored.state);
    if (stored?.state.status === 'running') throw running(stored.state);
    const at = toTimestamp(platform.clock.now());
    const begun: CanaryState = {
      id: platform.newId(),
      form,
      shares: [...canaryForms[form]],
      stage: 0,
      status: 'running',
      candidate,
      champion: aliases.champion,
      bakedMs: 0,
      bakeMs: minutes * 60_000,
      minimumRequests: settings.CANARY_MINIMUM_REQUESTS,
      startedAt: at,
      lastSteppedAt: at,
      finishedAt: null,
      startedBy: order.by,
      reason: order.reason,
      history: [],
    };
    const state = withEvent(begun, at, `${begun.shares[0]} %`, order.reason);
    if (await writeState(platform, canaryBlob, state, stored?.etag, signal)) {
      platform.telemetry.metric('canary.share', begun.shares[0]!, { candidate: nameOf(candidate) });
      return state;
    }
  }
}

/**
 * Takes all units back to the champion.
 * @param rollBack says that something went wrong, as an alert rule does; otherwise a person simply stops it
 * @throws NOT_FOUND when none is under way; CANARY_RUNNING when it has passed and its candidate is being promoted: then
 * the way back is that to the champion before
 */
export async function abortCanary(
  platform: CanaryPlatform,
  order: AliasOrder,
  signal: AbortSignal,
  rollBack = false,
): Promise<CanaryState> {
  for (;;) {
    const stored = await readState(platform, canaryBlob, signal);
    if (stored?.state.status === 'promoting') throw promoting(stored.state);
    if (stored?.state.status !== 'running') {
      throw new QuarterdeckError('NOT_FOUND', 'no canary is under way', { culprit: { field: 'canary' } });
    }
    const at = toTimestamp(platform.clock.now());
    const status = rollBack ? 'rolled-back' : 'aborted';
    const event = rollBack ? 'rolled back' : 'aborted';
    const state = withEvent(
      { ...stored.state, status, finishedAt: at },
      at,
      event,
      `${order.reason} (${order.by})`,
    );
    if (!(await writeState(platform, canaryBlob, state, stored.etag, signal))) continue;
    if (rollBack) {
      const candidate = nameOf(state.candidate);
      platform.telemetry.metric('canary.rolledback', 1, { candidate, reason: 'alert' });
    }
    await withdrawCandidate(platform, state, order, signal);
    return state;
  }
}

/**
 * One look at the canary: goes back, goes on, or waits. Every step can be repeated after a crash, and of several that
 * look at once one stores.
 * @returns undefined when none is under way
 */
export async function stepCanary(
  platform: CanaryPlatform,
  health: CanaryHealth | undefined,
  signal: AbortSignal,
): Promise<CanaryState | undefined> {
  await health?.flush();
  for (;;) {
    const stored = await readState(platform, canaryBlob, signal);
    if (!stored) return undefined;
    const { state } = stored;
    if (state.status === 'promoting') {
      const promoted = await promoteCandidate(platform, stored, signal);
      if (promoted) return promoted;
    } else if (state.status === 'running') {
      const judged = await judge(platform, stored, signal);
      if (judged && judged.status !== 'promoting') return judged;
    } else {
      // A crash between the last state and the alias that follows from it is made good here.
      if (state.status !== 'completed') {
        await withdrawCandidate(platform, state, automatic(state.reason), signal);
      }
      return undefined;
    }
  }
}

/** @returns what was stored; undefined when somebody else was faster */
async function judge(
  platform: CanaryPlatform,
  stored: StoredState<CanaryState>,
  signal: AbortSignal,
): Promise<CanaryState | undefined> {
  const { settings } = platform;
  const limits = {
    errorRate: settings.CANARY_ERROR_RATE,
    p95Ms: settings.CANARY_P95_MS,
    drift: settings.CANARY_SCORE_DRIFT,
    longestStageMs: settings.CANARY_LONGEST_STAGE_HOURS * 3_600_000,
  };
  const champion = (await readAliases(platform, signal))?.aliases.champion ?? null;
  const evidence = await readEvidence(platform, stored.state, signal);
  const { state, outcome } = judgeCanary(stored.state, evidence, platform.clock.now(), limits, champion);
  if (!(await writeState(platform, canaryBlob, state, stored.etag, signal))) return undefined;
  const candidate = nameOf(state.candidate);
  if (outcome === 'rolled-back') {
    platform.telemetry.metric('canary.rolledback', 1, { candidate, reason: 'health' });
  }
  if (outcome === 'rolled-back' || outcome === 'aborted') {
    await withdrawCandidate(platform, state, automatic(state.reason), signal);
  } else platform.telemetry.metric('canary.share', state.shares[state.stage]!, { candidate });
  return state;
}

function nameOf({ model, version }: ModelReference): string {
  return `${anomalyModelNameSchema.parse(model)}@${version}`;
}

function missing(message: string): QuarterdeckError {
  return new QuarterdeckError('MODEL_MISSING', message, { culprit: { field: 'candidate' } });
}

function running(state: CanaryState): QuarterdeckError {
  return new QuarterdeckError(
    'CANARY_RUNNING',
    `${nameOf(state.candidate)} is at ${state.shares[state.stage]} % since ${state.startedAt}; abort it first`,
    { culprit: { field: 'canary', candidate: nameOf(state.candidate) } },
  );
}

function promoting(state: CanaryState): QuarterdeckError {
  return new QuarterdeckError(
    'CANARY_RUNNING',
    `${nameOf(state.candidate)} has passed and becomes champion; to undo that, go back to the champion before`,
    { culprit: { field: 'canary', candidate: nameOf(state.candidate) } },
  );
}
