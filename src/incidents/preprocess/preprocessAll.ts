import type { PipelineRun } from '../../contracts';
import type { Progress } from '../../learn/run';
import type { Platform } from '../../platform/platform';
import { chosenTechCenters } from '../chosenTechCenters';
import { preprocessCenter } from './preprocessCenter';

/**
 * Preprocesses tech centres one after the other in this process, all of them unless some are named. A centre that
 * fails does not keep the next one from its turn.
 * @throws NOT_FOUND for a name that no ticket has.
 */
export async function preprocessAll(
  platform: Platform,
  options: {
    readonly techCenters?: readonly string[];
    /** Tickets of all time, not only those from the overlap on. */
    readonly fromStart?: boolean;
    readonly onProgress?: (progress: Progress) => void;
  },
  signal: AbortSignal,
): Promise<PipelineRun[]> {
  const wanted = await chosenTechCenters(platform, options.techCenters, signal);
  const { fromStart = false } = options;
  const runs: PipelineRun[] = [];
  for (const techCenter of wanted) {
    runs.push(await preprocessCenter(platform, { techCenter, fromStart }, signal));
    options.onProgress?.({ stage: techCenter, done: runs.length, total: wanted.length });
  }
  return runs;
}
