import type { Platform } from '../platform/platform';
import { pipelineStatus } from './queries/pipelineStatus';

/**
 * Emits what nothing emits by itself, because it is an absence or lies still: overdue trainings and poison messages.
 * Zeros too, so that an alert ends when its cause does.
 */
export async function reportHealth(platform: Platform, signal: AbortSignal): Promise<void> {
  const { centers, queues } = await pipelineStatus(platform, signal);
  for (const { techCenter, trainingOverdue } of centers) {
    platform.telemetry.metric('training.overdue', trainingOverdue ? 1 : 0, { scope: techCenter });
  }
  for (const { queue, poison } of queues) platform.telemetry.metric('queue.poison', poison, { queue });
}
