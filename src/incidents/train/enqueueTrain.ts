import { z } from 'zod';
import { quarterSchema, trainQueue } from '../../contracts';
import type { Platform } from '../../platform/platform';

/** Training by queue: one message per tech centre and quarter, for whoever starts it without a machine of its own. */

export const trainRequestSchema = quarterSchema
  .extend({
    techCenter: z.string().min(1).max(200),
    promote: z.boolean().default(true),
  })
  .strict();
export type TrainMessage = z.infer<typeof trainRequestSchema>;

/** @returns the tech centres that a message was sent for: those named, or all of the source */
export async function enqueueTrain(
  platform: Pick<Platform, 'warehouse' | 'queues'>,
  request: Omit<TrainMessage, 'techCenter'> & { readonly techCenters?: readonly string[] },
  signal: AbortSignal,
): Promise<string[]> {
  const { techCenters, ...shared } = request;
  const names =
    techCenters ?? (await platform.warehouse.techCenters(signal)).map(({ techCenter }) => techCenter);
  const messages = names.map((techCenter): TrainMessage => ({ ...shared, techCenter }));
  await platform.queues.send(trainQueue, messages, signal);
  return [...names];
}
