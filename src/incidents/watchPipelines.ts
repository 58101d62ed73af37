import type { Platform } from '../platform/platform';
import { pipelineStatus } from './queries/pipelineStatus';

/**
 * What no run reports of itself, measured from outside: messages that were given up, and tech centres whose
 * training is overdue. The alert rules in infra/ wait for these metrics.
 */
export async function watchPipelines(platform: Platform, signal: AbortSignal): Promise<void> {
  const { telemetry } = platform;
  const { queues, centers } = await pipelineStatus(platform, signal);
  for (const { queue, poison } of queues) telemetry.metric('queue.poison', poison, { queue });
  for (const { techCenter, state } of centers) {
    telemetry.metric('training.overdue', state === 'overdue' ? 1 : 0, { scope: techCenter });
  }
}
