import { z } from 'zod';

/** What the requests of one side of a canary came to: mergeable over processes. */
export const armHealthSchema = z.object({
  requests: z.number().int(),
  errors: z.number().int(),
  /** Requests by latency, one more bucket than `latencyEdgesMs`. */
  latencies: z.array(z.number().int()),
  /** Scored rows by probability of an anomaly, in equal bins. */
  scores: z.array(z.number().int()),
});
export type ArmHealth = z.infer<typeof armHealthSchema>;

/** Upper edges; a limit on latency has to be one of them to be judged exactly. */
export const latencyEdgesMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;
export const scoreBins = 20;

export function emptyArm(): ArmHealth {
  return {
    requests: 0,
    errors: 0,
    latencies: Array.from({ length: latencyEdgesMs.length + 1 }, () => 0),
    scores: Array.from({ length: scoreBins }, () => 0),
  };
}

/** @param scores probabilities of an anomaly, one per row. */
export function addRequest(arm: ArmHealth, latencyMs: number, failed: boolean): void {
  arm.requests += 1;
  if (failed) arm.errors += 1;
  const bucket = latencyEdgesMs.findIndex((edge) => latencyMs < edge);
  arm.latencies[bucket < 0 ? latencyEdgesMs.length : bucket]! += 1;
}

/** @param probabilities n × 2, of normal and of anomaly */
export function addScores(arm: ArmHealth, probabilities: Float32Array): void {
  for (let index = 1; index < probabilities.length; index += 2) {
    const bin = Math.min(scoreBins - 1, Math.floor(probabilities[index]! * scoreBins));
    arm.scores[Math.max(0, bin)]! += 1;
  }
}

export function sumOfArms(arms: readonly ArmHealth[]): ArmHealth {
  const sum = emptyArm();
  for (const arm of arms) {
    sum.requests += arm.requests;
    sum.errors += arm.errors;
    arm.latencies.forEach((count, bucket) => (sum.latencies[bucket]! += count));
    arm.scores.forEach((count, bin) => (sum.scores[bin]! += count));
  }
  return sum;
}

/** The 95th percentile is at least a limit when more than this share of the requests took so long. */
export const slowShare = 1 / 20;

/** Requests that took at least `limitMs`. */
export function requestsFrom(arm: ArmHealth, limitMs: number): number {
  const first = latencyEdgesMs.findIndex((edge) => edge >= limitMs);
  const slow = arm.latencies.slice(first < 0 ? latencyEdgesMs.length : first + 1);
  return slow.reduce((sum, count) => sum + count, 0);
}

/** Lower edge of the bucket that holds the 95th percentile. */
export function p95Ms(arm: ArmHealth): number {
  let above = 0;
  for (let bucket = arm.latencies.length - 1; bucket > 0; bucket--) {
    above += arm.latencies[bucket]!;
    if (above > arm.requests * slowShare) return latencyEdgesMs[bucket - 1]!;
  }
  return 0;
}
