import { timestampMs, toTimestamp } from '../../../contracts';
import { binomialTail, kolmogorovSmirnov, populationStability } from '../../../learn/experiment';
import { sameReference, type ModelReference } from '../../../registry';
import { p95Ms, requestsFrom, slowShare } from './armHealth';
import type { CanaryEvidence } from './canaryHealth';
import { withEvent, type CanaryState } from './canaryState';

/** When a candidate is taken back. */
export interface CanaryLimits {
  /** Share of failed requests from which on. */
  readonly errorRate: number;
  readonly p95Ms: number;
  /** Population stability index between the two sides' scores of the same rows. */
  readonly drift: number;
  /** Baked so long without enough requests, a stage is given up: nobody would learn anything from it. */
  readonly longestStageMs: number;
}

/** A shift must also be beyond chance: small samples have large indices. */
const driftP = 0.001;
/** Fewest scored rows before drift is judged. */
const driftRows = 200;
/** Before a stage has its requests it may be taken back every minute, so that each look must hardly ever be wrong. */
const certainP = 1e-4;
/** One client that asks nonsense, twice, is no evidence, however rare errors should be. */
const fewestFaults = 3;
/** One step adds at most this much: a clock that jumps ahead, or a host that slept, bakes nothing. */
const mostPerStepMs = 5 * 60_000;

export interface Judgement {
  readonly state: CanaryState;
  /** What has to be done about the aliases once the state is stored. */
  readonly outcome: 'goes-on' | 'promoting' | 'rolled-back' | 'aborted';
}

/**
 * The next state of a running canary. Pure: the caller stores it and moves the aliases.
 * @param champion by the aliases, as they are now
 */
export function judgeCanary(
  state: CanaryState,
  evidence: CanaryEvidence,
  nowMs: number,
  limits: CanaryLimits,
  champion: ModelReference | null,
): Judgement {
  const at = toTimestamp(nowMs);
  const ended = { ...state, finishedAt: at, lastSteppedAt: at };
  if (!sameReference(champion, state.champion)) {
    const detail = 'the champion is another than the one it was held against';
    return { state: withEvent({ ...ended, status: 'aborted' }, at, 'aborted', detail), outcome: 'aborted' };
  }
  const fault = faultOf(state, evidence, limits);
  if (fault !== undefined) {
    const failed = withEvent({ ...ended, status: 'rolled-back' }, at, 'rolled back', fault);
    return { state: failed, outcome: 'rolled-back' };
  }
  const sinceMs = nowMs - timestampMs(state.lastSteppedAt);
  let next: CanaryState = { ...state, lastSteppedAt: at };
  if (sinceMs < 0) {
    next = withEvent(next, at, 'clock went back', `by ${Math.round(-sinceMs / 1_000)} s: nothing is counted`);
    return { state: next, outcome: 'goes-on' };
  }
  next = { ...next, bakedMs: state.bakedMs + Math.min(sinceMs, mostPerStepMs) };
  const { requests } = evidence.stage.candidate;
  if (requests < state.minimumRequests && next.bakedMs >= Math.max(limits.longestStageMs, state.bakeMs)) {
    const hours = (next.bakedMs / 3_600_000).toFixed(1);
    const detail = `${requests} of ${state.minimumRequests} requests in ${hours} h: too few to judge it by`;
    return { state: withEvent({ ...ended, status: 'aborted' }, at, 'aborted', detail), outcome: 'aborted' };
  }
  if (next.bakedMs < state.bakeMs || requests < state.minimumRequests) {
    return { state: { ...next, reason: waitingFor(next, requests) }, outcome: 'goes-on' };
  }
  const seen = `${requests} requests in ${Math.round(next.bakedMs / 1_000)} s without a fault`;
  if (state.stage === state.shares.length - 1) {
    return { state: withEvent({ ...next, status: 'promoting' }, at, 'passed', seen), outcome: 'promoting' };
  }
  const share = state.shares[state.stage + 1]!;
  const moved = { ...next, stage: state.stage + 1, bakedMs: 0 };
  return { state: withEvent(moved, at, `${share} %`, `after ${seen}`), outcome: 'goes-on' };
}

function waitingFor(state: CanaryState, requests: number): string {
  const left = Math.ceil(Math.max(0, state.bakeMs - state.bakedMs) / 1_000);
  const missing = Math.max(0, state.minimumRequests - requests);
  return `${state.shares[state.stage]} %: ${left} s of bake time and ${missing} requests are missing`;
}

function faultOf(
  { minimumRequests }: CanaryState,
  { stage: { candidate }, scores }: CanaryEvidence,
  limits: CanaryLimits,
): string | undefined {
  const { requests, errors } = candidate;
  const enough = requests >= minimumRequests;
  if (enough ? errors / requests >= limits.errorRate : isCertainlyAbove(errors, requests, limits.errorRate)) {
    return `${errors} of ${requests} requests failed, the limit is ${limits.errorRate * 100} %`;
  }
  const slow = requestsFrom(candidate, limits.p95Ms);
  if (enough ? slow > requests * slowShare : isCertainlyAbove(slow, requests, slowShare)) {
    return `p95 is at least ${p95Ms(candidate)} ms, the limit is ${limits.p95Ms} ms`;
  }
  const rows = scores.candidate.reduce((sum, count) => sum + count, 0);
  if (rows < driftRows) return undefined;
  const index = populationStability(scores.champion, scores.candidate);
  const { p } = kolmogorovSmirnov(scores.champion, scores.candidate);
  return index >= limits.drift && p < driftP
    ? `scores of the same rows have shifted: stability index ${index.toFixed(2)}, the limit is ${limits.drift}`
    : undefined;
}

/** Whether so many of so few can no longer be chance when the true share is below the limit. */
function isCertainlyAbove(count: number, requests: number, limit: number): boolean {
  return count >= fewestFaults && binomialTail(count, requests, limit) < certainP;
}
