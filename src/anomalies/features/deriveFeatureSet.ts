import { QuarterdeckError, type FeatureSet, type MetricDeclaration, type Timestamp } from '../../contracts';
import type { Platform } from '../../platform/platform';
import type { MetricSummary } from '../../platform/warehouse/metricOperations';
import { featureSetFor, type FeatureSetOptions } from './featureSet';
import { pairsKept, storedPairs } from './storedPairs';

/** A metric that fewer of the instances report would be missing in most rows. */
const leastShareOfInstances = 0.5;

/**
 * The feature set of what is stored: every metric that at least half of the instances report, by name, and
 * features of logs when there are any templates. Ratios and correlations are of the metrics that move together most;
 * those of an `earlier` set of the same metrics are kept.
 *
 * @throws DATA_EMPTY when nothing was reported in the time.
 */
export async function deriveFeatureSet(
  platform: Pick<Platform, 'warehouse' | 'settings'>,
  query: {
    readonly from: Timestamp;
    readonly to: Timestamp;
    readonly instances?: readonly string[];
    readonly earlier?: FeatureSet;
  },
  options: FeatureSetOptions,
  signal: AbortSignal,
): Promise<FeatureSet> {
  const { warehouse, settings } = platform;
  const catalog = await warehouse.metricCatalog({ from: query.from, to: query.to }, signal);
  const metrics = commonMetrics(catalog, query.instances);
  const hasLogs = options.logs ?? (await warehouse.logTemplates(signal)).length > 0;
  if (metrics.length === 0 && !hasLogs) {
    throw new QuarterdeckError('DATA_EMPTY', `no metrics were reported from ${query.from} to ${query.to}`);
  }
  const withoutPairs = {
    timeZone: settings.ANOMALY_TIME_ZONE,
    businessHours: settings.ANOMALY_BUSINESS_HOURS,
    ...options,
    logs: hasLogs,
  };
  const set = featureSetFor(metrics, withoutPairs);
  if (options.ratios || options.correlations || metrics.length < 2) return set;
  const instances = query.instances ?? [...new Set(catalog.map(({ instance }) => instance))];
  const pairs =
    pairsKept(set, query.earlier) ??
    (await storedPairs(platform, set, { instances, from: query.from, to: query.to }, signal));
  return featureSetFor(metrics, { ...withoutPairs, ...pairs });
}

function commonMetrics(
  catalog: readonly MetricSummary[],
  instances: readonly string[] | undefined,
): MetricDeclaration[] {
  const wanted = instances && new Set(instances);
  const rows = catalog.filter(({ instance }) => wanted?.has(instance) ?? true);
  const reporting = new Set(rows.map(({ instance }) => instance)).size;
  const byName = new Map<string, MetricSummary[]>();
  for (const row of rows) byName.set(row.metric, [...(byName.get(row.metric) ?? []), row]);
  return [...byName]
    .filter(([, of]) => of.length >= leastShareOfInstances * reporting)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, of]) => {
      // Instances may disagree while their agents are being changed: what most points say counts.
      const counted = of.reduce((sum, { kind, points }) => sum + (kind === 'counter' ? points : -points), 0);
      return { name, kind: counted > 0 ? 'counter' : 'gauge' };
    });
}
