import type { PipelineRun } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { finishRun, startRun } from '../../platform/pipelineRun';

/**
 * The demo's tickets look like any others, so a run of the import says that they are the demo's. It is recorded before
 * the first ticket is stored: a fill that was killed is still known for what it is.
 */

const demoScope = 'demo';
/** Beside the scope, which could be the name of somebody's tech centre. */
const demoDetail = 'generated tickets of the demo';

/** What the tables hold: no tickets, those of the demo, or somebody's own. */
export async function ticketsHeld(
  { warehouse }: Pick<Platform, 'warehouse'>,
  signal: AbortSignal,
): Promise<'none' | 'demo' | 'own'> {
  const centers = await warehouse.techCenters(signal);
  if (centers.length === 0) return 'none';
  const runs = await warehouse.runs({ pipeline: 'import', scope: demoScope, limit: 100 }, signal);
  return runs.some(({ detail }) => detail === demoDetail) ? 'demo' : 'own';
}

/**
 * Records the fill before and after `store`, which returns how many tickets it stored. When `store` throws, the run
 * stays as `partial`.
 */
export async function recordDemo(
  platform: Platform,
  store: () => Promise<number>,
  signal: AbortSignal,
): Promise<PipelineRun> {
  const run = { ...startRun(platform, 'import', demoScope), detail: demoDetail };
  await platform.warehouse.recordRun({ ...run, status: 'partial' }, signal);
  const stored = await store();
  return finishRun(platform, run, { counts: { stored }, detail: demoDetail }, signal);
}
