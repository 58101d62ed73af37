import { isQuarterdeckError, type RoutingStatus, type RoutingTest } from '../../contracts';
import { chiSquareOfShares } from '../../learn/experiment';
import type { Platform } from '../../platform/platform';
import { experimentStatus } from './experiment/runExperiment';
import {
  chooseFrom,
  effectiveSplit,
  readPlan,
  type EffectiveSplit,
  type RoutingPlan,
} from './registryRouter';
import type { SplitCounter } from './splitCounter';

type StatusPlatform = Pick<Platform, 'blobs' | 'clock' | 'warehouse' | 'telemetry' | 'settings'>;

/** `GET /api/routing`: who answers whom and why, and how the comparison stands. */
export async function routingStatus(
  platform: StatusPlatform,
  split: SplitCounter,
  signal: AbortSignal,
): Promise<RoutingStatus> {
  const plan = await readPlan(platform, signal);
  const effective = effectiveOrNothing(plan);
  const { routing, canary } = plan;
  return {
    weights: { champion: routing.champion, challenger: routing.challenger },
    shadow: routing.shadow,
    salt: routing.salt,
    changedAt: routing.changedAt,
    changedBy: routing.changedBy,
    effective: effective && {
      champion: effective.champion,
      challenger: effective.challenger,
      challengerShare: effective.challengerShare,
      because: effective.because,
    },
    split: checkSplit(platform, split, effective),
    canary: canary ?? null,
    experiment: (await experimentStatus(platform, signal)) ?? null,
  };
}

/** Checks the split and raises the alarm. */
export function checkSplit(
  { telemetry }: Pick<Platform, 'telemetry'>,
  split: SplitCounter,
  effective: EffectiveSplit | null,
): RoutingStatus['split'] {
  const check = split.check({ key: effective?.key ?? '', share: effective?.challengerShare ?? 0 });
  if (check.mismatch) {
    const name = (reference: EffectiveSplit['challenger'] | undefined): string =>
      reference ? `${reference.model}@${reference.version}` : 'none';
    telemetry.metric('routing.split.mismatch', 1, {
      champion: name(effective?.champion),
      challenger: name(effective?.challenger),
    });
  }
  return { ...check };
}

/** `GET /api/routing/test`. Throws MODEL_MISSING when no champion is set. */
export async function testRouting(
  platform: Pick<Platform, 'blobs'>,
  { unit, units }: { readonly unit?: string | undefined; readonly units: number },
  signal: AbortSignal,
): Promise<RoutingTest> {
  const split = effectiveSplit(await readPlan(platform, signal));
  let challenger = 0;
  for (let index = 0; index < units; index++) {
    if (chooseFrom(split, `test unit ${index}`).role === 'challenger') challenger += 1;
  }
  const share = split.challengerShare;
  const chosen = unit === undefined ? undefined : chooseFrom(split, unit);
  return {
    unit: chosen
      ? {
          unit: chosen.unit,
          position: chosen.position,
          role: chosen.role,
          model: chosen.model,
          version: chosen.version,
        }
      : null,
    simulated: {
      champion: units - challenger,
      challenger,
      expectedChallengerShare: share,
      p:
        share > 0 && share < 1
          ? chiSquareOfShares([units - challenger, challenger], [1 - share, share]).p
          : 1,
    },
  };
}

function effectiveOrNothing(plan: RoutingPlan): EffectiveSplit | null {
  try {
    return effectiveSplit(plan);
  } catch (error) {
    if (isQuarterdeckError(error, 'MODEL_MISSING')) return null;
    throw error;
  }
}
