import { z } from 'zod';
import { type Timestamp, preprocessQueue } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { parseMessage } from '../../platform/queues/queueMessage';

/** The timer only fans out: one message per tech centre, so that the work spreads over as many instances. */

export const preprocessRequestSchema = z.strictObject({
  techCenter: z.string().min(1).max(200),
  /** When the timer was due; for tracing. */
  scheduledAt: z.string().optional(),
  /** Unprocessed tickets of all time, not only those from the overlap on. */
  fromStart: z.boolean().optional(),
});
export type PreprocessRequest = z.infer<typeof preprocessRequestSchema>;

/** @throws INPUT_INVALID */
export function parsePreprocessRequest(message: unknown): PreprocessRequest {
  return parseMessage(preprocessRequestSchema, message);
}

/** @returns the tech centres that a message was sent for. */
export async function enqueuePreprocess(
  platform: Pick<Platform, 'warehouse' | 'queues' | 'telemetry'>,
  { scheduledAt, fromStart }: { readonly scheduledAt?: Timestamp; readonly fromStart?: boolean },
  signal: AbortSignal,
): Promise<string[]> {
  const centers = await platform.warehouse.techCenters(signal);
  const messages = centers.map(({ techCenter }): PreprocessRequest => ({
    techCenter,
    ...(scheduledAt !== undefined && { scheduledAt }),
    ...(fromStart !== undefined && { fromStart }),
  }));
  await platform.queues.send(preprocessQueue, messages, signal);
  // A timer that fires is a sign of life even where there is nothing to do.
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'preprocess', scope: 'all' });
  return messages.map(({ techCenter }) => techCenter);
}
