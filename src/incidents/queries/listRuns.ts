import type { Pipeline, PipelineRuns } from '../../contracts';
import type { Platform } from '../../platform/platform';

/** Pipeline runs, newest first. */
export async function listRuns(
  platform: Platform,
  query: { pipeline?: Pipeline | undefined; techCenter?: string | undefined; limit: number },
  signal: AbortSignal,
): Promise<PipelineRuns> {
  const { pipeline, techCenter, limit } = query;
  const runs = await platform.warehouse.runs(
    { limit, ...(pipeline && { pipeline }), ...(techCenter !== undefined && { scope: techCenter }) },
    signal,
  );
  return { runs: runs.map((run) => ({ ...run, counts: { ...run.counts } })) };
}
