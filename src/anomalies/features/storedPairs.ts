import type { FeatureSet, Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import { PairMoments, pairsBy, type ChosenPairs } from './choosePairs';

/** More instances than this hardly change which metrics belong together. */
const mostInstances = 8;

/**
 * Pairs of metrics for ratios and correlations, from what some of the instances reported. How busy a server is moves
 * most of its metrics; what one is for the others tells a fault from a busy hour.
 *
 * @param set of the same metrics, without pairs.
 */
export async function storedPairs(
  { warehouse }: Pick<Platform, 'warehouse'>,
  set: FeatureSet,
  query: { readonly instances: readonly string[]; readonly from: Timestamp; readonly to: Timestamp },
  signal: AbortSignal,
): Promise<ChosenPairs> {
  const moments = new PairMoments(set.metrics.length);
  const instances = query.instances.toSorted().slice(0, mostInstances);
  for await (const { matrix } of warehouse.metricFeatures({ ...query, set, instances }, signal)) {
    moments.addRows(set, matrix);
  }
  return pairsBy(moments, set.metrics);
}

/** Those of an earlier set of the same metrics, so that what learned from it stays comparable; undefined without any. */
export function pairsKept(set: FeatureSet, earlier: FeatureSet | undefined): ChosenPairs | undefined {
  if (!earlier) return undefined;
  const names = (of: FeatureSet): string => JSON.stringify(of.metrics.map(({ name, kind }) => [name, kind]));
  if (names(earlier) !== names(set)) return undefined;
  const pairsOf = (wanted: 'ratio' | 'correlation'): [string, string][] =>
    earlier.definitions
      .filter((definition) => definition.function === wanted)
      .map(({ inputs }) => [inputs[0]!, inputs[1]!]);
  const kept = { ratios: pairsOf('ratio'), correlations: pairsOf('correlation') };
  return kept.ratios.length + kept.correlations.length > 0 ? kept : undefined;
}
