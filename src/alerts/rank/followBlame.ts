import { forTargets, type LocalGraph } from './localGraph';

/** Every node keeps at least this of what reaches it: trouble can always be its own. */
const leastOwn = 0.05;
/** Longer chains of blame than this add nothing; in a cycle the rest stays where it is. */
const mostSteps = 32;
/** A dependency that fell ill this much later than its dependent is half as likely to be why. */
const lateHalfLifeMs = 5 * 60_000;

/**
 * Blame follows the trouble upstream: it starts at the symptoms, and at each node stays in proportion to what the
 * dependencies do not explain, and otherwise goes on to them by how badly calls to them go and whether they were in
 * trouble first. A random walk as MonitorRank and MicroRCA take, but absorbed where the trouble is a node's own.
 * @param start length n, sums to 1: where blame begins
 * @returns length n, sums to 1: where it ends
 */
export function followBlame(local: LocalGraph, start: Float64Array): Float64Array {
  const { n, upstream, flow, firstSeenMs } = local;
  const unexplained = unexplainedTrouble(local);
  const keep = new Float64Array(n);
  const pass = new Float64Array(flow.length);
  for (let node = 0; node < n; node++) {
    let sum = 0;
    forTargets(upstream, node, (target, edge) => {
      const strength = flow[edge]! * inOrder(firstSeenMs[target]!, firstSeenMs[node]!);
      pass[edge] = strength * strength;
      sum += strength * strength;
    });
    const own = Math.max(unexplained[node]!, leastOwn) ** 2;
    keep[node] = own / (own + sum);
    forTargets(upstream, node, (_, edge) => {
      pass[edge]! /= own + sum;
    });
  }
  const ended = new Float64Array(n);
  let moving = Float64Array.from(start);
  for (let step = 0; step < mostSteps; step++) {
    const next = new Float64Array(n);
    for (let node = 0; node < n; node++) {
      const blame = moving[node]!;
      if (blame === 0) continue;
      ended[node]! += blame * keep[node]!;
      forTargets(upstream, node, (target, edge) => {
        next[target]! += blame * pass[edge]!;
      });
    }
    moving = next;
  }
  for (let node = 0; node < n; node++) ended[node]! += moving[node]!;
  return ended;
}

/** Per node what is wrong with it beyond what its worst dependency passes on. */
export function unexplainedTrouble(local: LocalGraph): Float64Array {
  const { upstream, flow, firstSeenMs, trouble } = local;
  return trouble.map((strength, node) => {
    let worst = 0;
    forTargets(upstream, node, (target, edge) => {
      worst = Math.max(worst, flow[edge]! * inOrder(firstSeenMs[target]!, firstSeenMs[node]!));
    });
    return Math.max(local.local[node]!, strength - worst);
  });
}

/** 1 when the cause came first or a time is not known, falling by halves with how late it came. */
export function inOrder(causeMs: number, effectMs: number): number {
  const late = causeMs - effectMs;
  return late > 0 ? 2 ** (-late / lateHalfLifeMs) : 1;
}
