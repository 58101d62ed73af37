import type { AlertMappingStatistic, StoredAlertCluster } from '../../contracts';
import { kindLabel } from './alertKinds';
import type { ResultRowsInput } from './resultRowsInput';

/** Rows that count: kinds of alerts, and how alerts found their services. */

export function clusterRows({ runId, runAt, result }: ResultRowsInput): StoredAlertCluster[] {
  const { kinds } = result;
  if (!kinds) return [];
  const confidence = new Map<number, number>();
  kinds.cluster.forEach((cluster, at) => {
    if (cluster < 0) return;
    confidence.set(cluster, (confidence.get(cluster) ?? 0) + kinds.confidence[at]!);
  });
  return kinds.profiles
    .map((profile) => ({
      runId,
      runAt,
      cluster: profile.cluster,
      label: kindLabel(profile),
      alerts: profile.size,
      share: profile.share,
      meanConfidence: (confidence.get(profile.cluster) ?? 0) / profile.size,
      mostCommonAlert: profile.mostCommonAlert,
      mostCommonService: profile.mostCommonService,
      topAlertsJson: JSON.stringify(profile.topAlerts),
      topServicesJson: JSON.stringify(profile.topServices),
      severitiesJson: JSON.stringify(profile.severities),
    }))
    .sort((a, b) => a.cluster - b.cluster);
}

export function mappingRows({ runId, runAt, result }: ResultRowsInput): AlertMappingStatistic[] {
  const sources = new Map<string, number>();
  const tallies = new Map<
    string,
    { source: string; method: string; alerts: number; sum: number; least: number }
  >();
  for (const { alert, mapping } of result.enriched) {
    const { source } = alert;
    sources.set(source, (sources.get(source) ?? 0) + 1);
    const key = JSON.stringify([source, mapping.method]);
    const known = tallies.get(key) ?? { source, method: mapping.method, alerts: 0, sum: 0, least: 1 };
    known.alerts++;
    known.sum += mapping.confidence;
    known.least = Math.min(known.least, mapping.confidence);
    tallies.set(key, known);
  }
  return [...tallies]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { source, method, alerts, sum, least }]) => ({
      runId,
      runAt,
      source,
      method,
      alerts,
      share: alerts / sources.get(source)!,
      meanConfidence: sum / alerts,
      minimumConfidence: least,
    }));
}
