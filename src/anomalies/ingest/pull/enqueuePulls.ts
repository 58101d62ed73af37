import { z } from 'zod';
import { pullQueue, type Timestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';

export const pullRequestSchema = z.strictObject({
  source: z.string().min(1).max(64),
  /** When the timer was due; for tracing. */
  scheduledAt: z.string().optional(),
});

/**
 * The timer only fans out: one message for each source, so that they are pulled side by side.
 * @returns the sources that a message was sent for
 */
export async function enqueuePulls(
  platform: Pick<Platform, 'logSources' | 'queues' | 'telemetry'>,
  { scheduledAt }: { readonly scheduledAt: Timestamp },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = platform.logSources.names();
  await platform.queues.send(
    pullQueue,
    names.map((source) => ({ source, scheduledAt })),
    signal,
  );
  // A timer that fires is a sign of life even where there is nothing to do.
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'pull', scope: 'all' });
  return names;
}
