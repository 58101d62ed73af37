import type { Platform } from '../platform/platform';
import { pipelineStatus } from './queries/pipelineStatus';

/**
 * Emits what no run tells of itself, because nothing runs: messages that were given up, and tech centres whose
 * training is overdue. Zeros are sent too, so that an alert ends when its cause does.
 */
export async function reportBacklog(platform: Platform, signal: AbortSignal): Promise<void> {
  const { centers, queues } = await pipelineStatus(platform, signal);
  for (const { queue, poison } of queues) platform.telemetry.metric('queue.poison', poison, { queue });
  for (const { techCenter, trainingOverdue } of centers) {
    platform.telemetry.metric('training.overdue', trainingOverdue ? 1 : 0, { scope: techCenter });
  }
}
