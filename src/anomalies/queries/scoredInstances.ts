import { toTimestamp, type ScoredInstances } from '../../contracts';
import type { Platform } from '../../platform/platform';

const dayMs = 86_400_000;

/** `GET /api/anomalies/instances`: scores of the last days, counted back from now. */
export async function scoredInstances(
  { warehouse, clock }: Pick<Platform, 'warehouse' | 'clock'>,
  { days, limit }: { readonly days: number; readonly limit: number },
  signal: AbortSignal,
): Promise<ScoredInstances> {
  const from = toTimestamp(clock.now() - days * dayMs);
  return { from, instances: await warehouse.scoredInstances({ from, limit }, signal) };
}
