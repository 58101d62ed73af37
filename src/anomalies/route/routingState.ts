import { z } from 'zod';
import { QuarterdeckError, toTimestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { AliasOrder } from '../../registry';
import { readState, writeState, type StateBlob } from './stateBlob';

/** How units are split between champion and challenger. */
export const routingStateSchema = z.object({
  /** Percent of units; both together 100. */
  champion: z.number().min(0).max(100),
  challenger: z.number().min(0).max(100),
  /** The challenger also scores, silently, what the champion answers. */
  shadow: z.boolean(),
  /** Another salt deals the units out anew. */
  salt: z.string().min(1).max(100),
  changedAt: z.string(),
  changedBy: z.string(),
  reason: z.string(),
});
export type RoutingState = z.infer<typeof routingStateSchema>;

export const routingBlob: StateBlob<RoutingState> = {
  name: 'monitoring/anomaly/routing.json',
  schema: routingStateSchema,
};

/** What holds before anybody has set anything. */
export const defaultRouting: RoutingState = {
  champion: 70,
  challenger: 30,
  shadow: false,
  salt: 'quarterdeck',
  changedAt: '1970-01-01T00:00:00.000000Z',
  changedBy: 'default',
  reason: 'nobody has set weights yet',
};

export async function readRouting(
  platform: Pick<Platform, 'blobs'>,
  signal: AbortSignal,
): Promise<RoutingState> {
  return (await readState(platform, routingBlob, signal))?.state ?? defaultRouting;
}

export interface RoutingChange {
  readonly champion: number;
  readonly challenger: number;
  /** Left as it is when undefined. */
  readonly shadow?: boolean | undefined;
  readonly salt?: string | undefined;
}

/** Rounding errors of shares such as 33.3 + 66.7. */
const sumTolerance = 1e-9;

/** @throws INPUT_INVALID for weights that are no percentages or do not add up to 100 */
export async function setRouting(
  platform: Pick<Platform, 'blobs' | 'clock'>,
  change: RoutingChange,
  order: AliasOrder,
  signal: AbortSignal,
): Promise<RoutingState> {
  const { champion, challenger } = change;
  const both = [champion, challenger];
  if (!both.every((weight) => Number.isFinite(weight) && weight >= 0 && weight <= 100)) {
    throw weightsInvalid(`champion=${champion} challenger=${challenger}: each is 0 to 100 percent`);
  }
  if (Math.abs(champion + challenger - 100) > sumTolerance) {
    throw weightsInvalid(
      `champion=${champion} and challenger=${challenger} add up to ${champion + challenger}, not 100`,
    );
  }
  for (;;) {
    const stored = await readState(platform, routingBlob, signal);
    const before = stored?.state ?? defaultRouting;
    const state: RoutingState = {
      champion,
      challenger,
      shadow: change.shadow ?? before.shadow,
      salt: change.salt ?? before.salt,
      changedAt: toTimestamp(platform.clock.now()),
      changedBy: order.by,
      reason: order.reason,
    };
    if (await writeState(platform, routingBlob, state, stored?.etag, signal)) return state;
  }
}

function weightsInvalid(message: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field: 'weights' } });
}
