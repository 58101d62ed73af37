import type { Platform } from '../../platform/platform';
import type { CanaryHealth } from './canary/canaryHealth';
import { stepCanary } from './canary/runCanary';
import { checkSplit } from './routingStatus';
import { effectiveSplit, readPlan } from './registryRouter';
import type { SplitCounter } from './splitCounter';

/** What the timer does: one look at the canary and at the split. */
export async function stepRollout(
  platform: Platform,
  { health, split }: { readonly health: CanaryHealth; readonly split: SplitCounter },
  signal: AbortSignal,
): Promise<void> {
  await stepCanary(platform, health, signal);
  const plan = await readPlan(platform, signal);
  if (plan.aliases?.champion) checkSplit(platform, split, effectiveSplit(plan));
}
