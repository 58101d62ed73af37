import { QuarterdeckError } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { readAliases, sameReference, type Aliases, type ModelReference } from '../../registry';
import { canaryBlob, isTakenBack, isUnderWay, type CanaryState } from './canary/canaryState';
import { Polled, type PollingLimits } from './polled';
import type { RoutedChoice, RoutedModel, Router } from './router';
import { readRouting, type RoutingState } from './routingState';
import { positionOf, roleOf } from './split';
import { readState } from './stateBlob';

type RouterPlatform = Pick<Platform, 'blobs' | 'clock' | 'telemetry'>;

/** Everything that decides who answers, read together. */
export interface RoutingPlan {
  readonly routing: RoutingState;
  readonly aliases: Aliases | undefined;
  readonly canary: CanaryState | undefined;
}

/** Who gets which share, and why. */
export interface EffectiveSplit {
  readonly champion: ModelReference;
  readonly challenger: ModelReference | null;
  /** In [0, 1]. */
  readonly challengerShare: number;
  readonly because: 'weights' | 'canary' | 'no-challenger';
  readonly shadow: boolean;
  readonly salt: string;
  readonly key: string;
  readonly canary: { readonly id: string; readonly stage: number } | undefined;
}

export async function readPlan(platform: Pick<Platform, 'blobs'>, signal: AbortSignal): Promise<RoutingPlan> {
  // A canary moves the aliases before it says that it is over: read in this order, one that is over has moved them.
  const [routing, canary] = await Promise.all([
    readRouting(platform, signal),
    readState(platform, canaryBlob, signal),
  ]);
  const aliases = await readAliases(platform, signal);
  return { routing, aliases: aliases?.aliases, canary: canary?.state };
}

/**
 * A canary under way has its own two models and its own share, whatever aliases and weights say meanwhile: while its
 * candidate is being promoted, that all go to the candidate does not depend on which of the two blobs was read first.
 * @throws MODEL_MISSING when no champion is set
 */
export function effectiveSplit({ routing, aliases, canary }: RoutingPlan): EffectiveSplit {
  if (isUnderWay(canary)) {
    return {
      champion: canary.champion,
      challenger: canary.candidate,
      challengerShare: canary.shares[canary.stage]! / 100,
      because: 'canary',
      shadow: false,
      salt: routing.salt,
      key: `canary ${canary.id} ${canary.stage}`,
      canary: { id: canary.id, stage: canary.stage },
    };
  }
  if (!aliases?.champion) {
    throw new QuarterdeckError('MODEL_MISSING', 'no champion is set: promote a model first', {
      culprit: { field: 'champion' },
    });
  }
  const { champion } = aliases;
  const challenger = isTakenBack(canary, aliases) ? null : aliases.challenger;
  const key = `weights ${routing.changedAt} ${aliases.changedAt}`;
  const common = { champion, challenger, shadow: routing.shadow, salt: routing.salt, key, canary: undefined };
  return challenger
    ? { ...common, challengerShare: routing.challenger / 100, because: 'weights' }
    : { ...common, challengerShare: 0, because: 'no-challenger' };
}

/** Routes by the aliases, the weights and the canary of the storage, read at most once a second. */
export class RegistryRouter implements Router {
  readonly #plan: Polled<RoutingPlan>;

  constructor(platform: RouterPlatform, limits?: Partial<PollingLimits>) {
    this.#plan = new Polled((signal) => readPlan(platform, signal), platform, limits);
  }

  /** Reads the storage now: after a change, so that this process follows at once. */
  async refresh(): Promise<RoutingPlan> {
    return this.#plan.refresh();
  }

  async choose(unit: string): Promise<RoutedChoice> {
    return chooseFrom(effectiveSplit(await this.#plan.get()), unit);
  }

  async models(): Promise<RoutedModel[]> {
    const { champion, challenger, challengerShare } = effectiveSplit(await this.#plan.refresh());
    const models: RoutedModel[] = [{ ...champion, role: 'champion' }];
    if (challenger && challengerShare > 0) models.push({ ...challenger, role: 'challenger' });
    return models;
  }
}

/** The choice for one unit. */
export function chooseFrom(split: EffectiveSplit, unit: string): RoutedChoice {
  const { champion, challenger, challengerShare, canary } = split;
  const position = positionOf(unit, split.salt);
  const role = challenger ? roleOf(position, challengerShare) : 'champion';
  const chosen = role === 'challenger' ? challenger! : champion;
  return {
    ...chosen,
    role,
    unit,
    position,
    split: { key: split.key, share: challengerShare },
    champion,
    silent: silentOf(split, role),
    canary,
  };
}

function silentOf(split: EffectiveSplit, role: 'champion' | 'challenger'): RoutedChoice['silent'] {
  const { champion, challenger, canary, shadow } = split;
  if (!challenger || sameReference(champion, challenger)) return undefined;
  if (canary) return role === 'challenger' ? { ...champion, role: 'champion' } : undefined;
  return shadow && role === 'champion' ? { ...challenger, role: 'challenger' } : undefined;
}
