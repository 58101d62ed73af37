import { z } from 'zod';
import { type Timestamp, predictQueue } from '../../contracts';
import type { Platform } from '../../platform/platform';

/** The timer only fans out: one message per tech centre, so that the work spreads over as many instances. */

export const predictRequestSchema = z.strictObject({
  techCenter: z.string().min(1).max(200),
  /** When the timer was due; for tracing. */
  scheduledAt: z.string().optional(),
});
export type PredictRequest = z.infer<typeof predictRequestSchema>;

/** @returns the tech centres that a message was sent for */
export async function enqueuePredict(
  platform: Pick<Platform, 'warehouse' | 'queues' | 'telemetry'>,
  { scheduledAt }: { readonly scheduledAt?: Timestamp },
  signal: AbortSignal,
): Promise<string[]> {
  const centers = await platform.warehouse.techCenters(signal);
  const messages = centers.map(({ techCenter }): PredictRequest => ({
    techCenter,
    ...(scheduledAt !== undefined && { scheduledAt }),
  }));
  await platform.queues.send(predictQueue, messages, signal);
  // A timer that fires is a sign of life even where there is nothing to do.
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'predict', scope: 'all' });
  return messages.map(({ techCenter }) => techCenter);
}
