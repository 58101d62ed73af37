import type { LocalGraph } from './localGraph';

/** Share of steps that go on rather than start anew: PageRank's usual one. */
const damping = 0.85;
const mostIterations = 100;
const tolerance = 1e-9;
/** A dependency that fell ill this much later than its dependent is half as likely to be why. */
const lateHalfLifeMs = 5 * 60_000;
/** How likely a step to a dependency without a symptom is, beside one of the weakest symptom. */
const silentStep = 0.1;

/**
 * Random walk with restart from symptoms to what they depend on: a step goes to a dependency by its strength and by
 * whether it was in trouble first, or stays where no dependency explains the trouble. Returns the share of time at
 * each node (n values, sum 1).
 */
export function walkToCauses(local: LocalGraph): Float64Array {
  const { n, alerting, upstream, strength } = local;
  const weakest = strength.subarray(0, alerting).reduce((least, value) => Math.min(least, value), Infinity);
  const step = new Float64Array(upstream.targets.length);
  const stay = new Float64Array(n);
  for (let v = 0; v < n; v++) {
    let sum = 0;
    let strongest = 0;
    for (let e = upstream.offsets[v]!; e < upstream.offsets[v + 1]!; e++) {
      const u = upstream.targets[e]!;
      const own = u < alerting ? strength[u]! : silentStep * weakest;
      step[e] = upstream.weights[e]! * own * inOrder(local.firstSeenMs[u]!, local.firstSeenMs[v]!);
      sum += step[e]!;
      strongest = Math.max(strongest, step[e]!);
    }
    const held = Math.max(strength[v]! - strongest, 0) + (sum === 0 ? 1 : 0);
    const total = sum + held;
    stay[v] = held / total;
    for (let e = upstream.offsets[v]!; e < upstream.offsets[v + 1]!; e++) step[e] = step[e]! / total;
  }
  const mass = strength.reduce((sum, value) => sum + value, 0);
  const restart = strength.map((value) => value / mass);
  let now = Float64Array.from(restart);
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const next = restart.map((share) => share * (1 - damping));
    for (let v = 0; v < n; v++) {
      const flow = damping * now[v]!;
      next[v]! += flow * stay[v]!;
      for (let e = upstream.offsets[v]!; e < upstream.offsets[v + 1]!; e++) {
        next[upstream.targets[e]!]! += flow * step[e]!;
      }
    }
    let moved = 0;
    for (let v = 0; v < n; v++) moved += Math.abs(next[v]! - now[v]!);
    now = next;
    if (moved < tolerance) break;
  }
  return now;
}

/** 1 when the cause came first or a time is not known, falling by halves with how late it came. */
export function inOrder(causeMs: number, effectMs: number): number {
  const late = causeMs - effectMs;
  return late > 0 ? 2 ** (-late / lateHalfLifeMs) : 1;
}
