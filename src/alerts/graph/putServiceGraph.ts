import { shiftTimestamp, toTimestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { enrichAlerts } from '../enrich';
import { readAlerts } from '../run/readAlerts';
import { indexGraph } from './graphIndex';
import { graphCoverage, type GraphCoverage } from './graphCoverage';
import { readServiceGraph } from './readServiceGraph';
import { storeServiceGraph, type StoredServiceGraph } from './storedGraph';

const dayMs = 86_400_000;
/** Enough to know the names that alerts go by. */
const mostAlerts = 20_000;

/**
 * Makes a graph the current one, and tells how many of the services that alerted in the last day it has: one with other
 * names than the alerts' is stored without complaint, and groups nothing.
 * @throws INPUT_INVALID, and what `storeServiceGraph` and the warehouse throw; then nothing is stored
 */
export async function putServiceGraph(
  platform: Pick<Platform, 'blobs' | 'clock' | 'warehouse' | 'settings'>,
  body: Parameters<typeof readServiceGraph>[0],
  signal: AbortSignal,
): Promise<StoredServiceGraph & { readonly coverage: GraphCoverage }> {
  const read = readServiceGraph(body);
  const to = toTimestamp(platform.clock.now());
  const window = { from: shiftTimestamp(to, -dayMs), to, most: mostAlerts };
  const alerts = await readAlerts(platform, window, signal);
  const enriched =
    alerts.length === 0
      ? []
      : enrichAlerts(alerts, indexGraph(read.graph), { minimumScore: platform.settings.MIN_MATCH_SCORE })
          .alerts;
  const coverage = graphCoverage(
    enriched.map(({ alert, node }) => ({ service: alert.service, mapped: node >= 0 })),
  );
  return { ...(await storeServiceGraph(platform, read, signal)), coverage };
}
