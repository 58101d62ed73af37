import { timestampMs, toTimestamp } from '../../../contracts';
import { kolmogorovSmirnov, populationStability } from '../../../learn/experiment';
import { isP95AtLeast, p95Ms } from './armHealth';
import type { CanaryEvidence } from './canaryHealth';
import { withEvent, type CanaryState } from './canaryState';

/** When a candidate is taken back. */
export interface CanaryLimits {
  /** Share of failed requests from which on. */
  readonly errorRate: number;
  readonly p95Ms: number;
  /** Population stability index between the two sides' scores of the same rows. */
  readonly drift: number;
}

export const defaultCanaryLimits: CanaryLimits = { errorRate: 0.01, p95Ms: 1_000, drift: 0.25 };

/** A shift must also be beyond chance: small samples have large indices. */
const driftP = 0.001;
/** Fewest scored rows before drift is judged. */
const driftRows = 200;
/** One step adds at most this much: a clock that jumps ahead, or a host that slept, bakes nothing. */
const mostPerStepMs = 5 * 60_000;

export interface Judgement {
  readonly state: CanaryState;
  /** What has to be done about the aliases before the state may be stored, or after. */
  readonly outcome: 'goes-on' | 'completed' | 'rolled-back';
}

/** The next state of a running canary. Pure: the caller stores it and moves the aliases. */
export function judgeCanary(
  state: CanaryState,
  evidence: CanaryEvidence,
  nowMs: number,
  limits: CanaryLimits = defaultCanaryLimits,
): Judgement {
  const at = toTimestamp(nowMs);
  const fault = faultOf(state, evidence, limits);
  if (fault !== undefined) {
    const failed = withEvent(
      { ...state, status: 'rolled-back', finishedAt: at, lastSteppedAt: at },
      at,
      'rolled back',
      fault,
    );
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
  if (next.bakedMs < state.bakeMs || requests < state.minimumRequests) {
    return { state: { ...next, reason: waitingFor(next, requests) }, outcome: 'goes-on' };
  }
  const seen = `${requests} requests in ${Math.round(next.bakedMs / 1_000)} s without a fault`;
  if (state.stage === state.shares.length - 1) {
    const done = withEvent({ ...next, status: 'completed', finishedAt: at }, at, 'completed', seen);
    return { state: done, outcome: 'completed' };
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
  if (candidate.requests >= minimumRequests) {
    const errorRate = candidate.errors / candidate.requests;
    if (errorRate >= limits.errorRate) {
      return `${candidate.errors} of ${candidate.requests} requests failed, the limit is ${limits.errorRate * 100} %`;
    }
    if (isP95AtLeast(candidate, limits.p95Ms)) {
      return `p95 is at least ${p95Ms(candidate)} ms, the limit is ${limits.p95Ms} ms`;
    }
  }
  const rows = scores.candidate.reduce((sum, count) => sum + count, 0);
  if (rows < driftRows) return undefined;
  const index = populationStability(scores.champion, scores.candidate);
  const { p } = kolmogorovSmirnov(scores.champion, scores.candidate);
  return index >= limits.drift && p < driftP
    ? `scores of the same rows have shifted: stability index ${index.toFixed(2)}, the limit is ${limits.drift}`
    : undefined;
}
