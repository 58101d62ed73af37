import { isQuarterdeckError } from '../../src/contracts';
import { listClusters } from '../../src/incidents';
import type { Output } from '../output';
import type { Session } from '../session';
import type { FleetSummary } from './fleet';
import type { Failure } from './pipeline';
import type { StormSummary } from './storms';

export interface CenterSummary {
  readonly techCenter: string;
  readonly incidents: number;
  readonly predicted: number;
  readonly version: string | null;
  readonly clusters: number;
  readonly noiseShare: number | null;
  readonly largest: readonly string[];
}

export interface QuickstartSummary {
  readonly url: string;
  readonly incidents: number;
  readonly preprocessed: number;
  readonly predicted: number;
  readonly quarantined: number;
  readonly clusters: number;
  readonly centers: readonly CenterSummary[];
  readonly failures: readonly Failure[];
  /** The demo's servers; null without them. */
  readonly anomalies: FleetSummary | null;
  /** The demo's alert storms; null without them. */
  readonly alerts: StormSummary | null;
  readonly seconds: number;
}

const topicsShown = 3;

export async function summarize(
  { platform, signal }: Session,
  run: {
    url: string;
    failures: readonly Failure[];
    startedAt: number;
    fleet: FleetSummary | null;
    storms: StormSummary | null;
  },
): Promise<QuickstartSummary> {
  const counts = await platform.warehouse.centerCounts(signal);
  const centers: CenterSummary[] = [];
  for (const { techCenter, incidents } of counts) {
    const list = await clustersOf(techCenter);
    centers.push({
      techCenter,
      incidents,
      predicted: list?.predicted ?? 0,
      version: list?.version ?? null,
      clusters: list?.clusters.length ?? 0,
      noiseShare: list && list.predicted > 0 ? list.noise / list.predicted : null,
      largest: list?.clusters.slice(0, topicsShown).map(({ topic }) => topic) ?? [],
    });
  }
  const sum = (value: (center: (typeof counts)[number]) => number): number =>
    counts.reduce((total, center) => total + value(center), 0);
  return {
    url: run.url,
    incidents: sum(({ incidents }) => incidents),
    preprocessed: sum(({ preprocessed }) => preprocessed),
    predicted: centers.reduce((total, { predicted }) => total + predicted, 0),
    quarantined: await platform.warehouse.countQuarantined({}, signal),
    clusters: centers.reduce((total, { clusters }) => total + clusters, 0),
    centers,
    failures: run.failures,
    anomalies: run.fleet,
    alerts: run.storms,
    seconds: Math.round((performance.now() - run.startedAt) / 100) / 10,
  };

  async function clustersOf(techCenter: string) {
    try {
      return await listClusters(platform, { techCenter }, signal);
    } catch (error) {
      // A centre with too few tickets has no model; its row says so.
      if (isQuarterdeckError(error, 'MODEL_MISSING')) return undefined;
      throw error;
    }
  }
}

export function printSummary(output: Output, summary: QuickstartSummary): void {
  output.table(
    ['tech centre', 'tickets', 'clusters', 'noise', 'largest clusters'],
    summary.centers.map(({ techCenter, incidents, clusters, noiseShare, largest }) => [
      techCenter,
      incidents,
      clusters,
      noiseShare === null ? '–' : `${Math.round(noiseShare * 100)} %`,
      largest.join(' · '),
    ]),
  );
  output.say(
    `${summary.incidents} tickets, ${summary.clusters} clusters in ${summary.centers.length} tech centres, ` +
      `${summary.quarantined} rows set aside, ${summary.seconds} s.`,
  );
  for (const { pipeline, scope, errorCode, detail } of summary.failures) {
    output.say(`${pipeline} of ${scope} did not end well: ${errorCode ?? ''} ${detail ?? ''}`);
  }
}
