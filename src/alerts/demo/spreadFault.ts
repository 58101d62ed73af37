import type { Random } from '../../contracts';
import { between, logNormal } from './drawing';

/** Who calls whom, by node number. */
export interface Neighbourhoods {
  /** Of each node, those that depend on it and how strongly. */
  readonly dependents: readonly (readonly { readonly node: number; readonly weight: number }[])[];
  readonly dependencies: readonly (readonly number[])[];
}

/** A node that a fault reached. */
export interface Affected {
  readonly node: number;
  /** Minutes since the start of the history. */
  readonly minute: number;
  /** 1 at the root of a severe fault, less with every step. */
  readonly intensity: number;
  readonly steps: number;
}

export interface Fault {
  readonly root: number;
  readonly minute: number;
  readonly severity: number;
}

const medianStepMinutes = 1.2;
const stepSpread = 0.8;
const weakest = 0.12;
/** A dependency with very many dependents seldom fails for all of them: one shard, one tenant, one kind of call. */
const dependentsThatShareFaults = 8;
/** How rarely a struggling service overloads something that it depends on (retries, reconnects). */
const backPressureShare = 0.03;

/**
 * Spreads a fault to dependents, step by step: each edge carries it or not, after a delay, and weaker than before.
 * What another fault has already brought down shows nothing new, and passes nothing on.
 * @returns the root first, then in the order of time.
 */
export function spreadFault(
  { root, minute, severity }: Fault,
  around: Neighbourhoods,
  down: (node: number) => boolean,
  random: Random,
): Affected[] {
  const reach = between(0.55, 1, random);
  const decay = between(0.75, 0.95, random);
  const reached = new Set([root]);
  const waiting: Affected[] = [{ node: root, minute, intensity: severity, steps: 0 }];
  const affected: Affected[] = [];
  while (waiting.length > 0) {
    const at = waiting.reduce(
      (best, candidate, index) => (candidate.minute < waiting[best]!.minute ? index : best),
      0,
    );
    const [current] = waiting.splice(at, 1) as [Affected];
    affected.push(current);
    const intensity = current.intensity * decay;
    if (intensity < weakest) continue;
    const dependents = around.dependents[current.node]!;
    const crowd = Math.min(1, Math.sqrt(dependentsThatShareFaults / Math.max(1, dependents.length)));
    for (const { node, weight } of dependents) {
      const chance = Math.min(0.95, reach * current.intensity ** 0.5 * crowd * weight);
      if (random.next() >= chance || reached.has(node) || down(node)) continue;
      reached.add(node);
      const delay = logNormal(medianStepMinutes, stepSpread, random);
      waiting.push({ node, minute: current.minute + delay, intensity, steps: current.steps + 1 });
    }
    const dependencies = around.dependencies[current.node]!;
    if (current.steps > 0 && dependencies.length > 0 && random.next() < backPressureShare) {
      const node = dependencies[random.integer(dependencies.length)]!;
      if (reached.has(node) || down(node)) continue;
      reached.add(node);
      // Overload does not travel on: it ends with the retries that made it.
      const delay = logNormal(medianStepMinutes, stepSpread, random);
      affected.push({ node, minute: current.minute + delay, intensity: weakest, steps: current.steps + 1 });
    }
  }
  return affected;
}
