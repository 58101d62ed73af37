import { isQuarterdeckError, toTimestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { readPlan, type RoutingPlan } from '../registryRouter';
import { readState, writeState, type StateBlob } from '../stateBlob';
import {
  experimentId,
  experimentReportSchema,
  reportExperiment,
  type Experiment,
  type ExperimentReport,
} from './experimentReport';

/** Verdicts read for one report: a hundred times what decides a difference of five points. */
const mostVerdicts = 200_000;

const blobOf = (id: string): StateBlob<ExperimentReport> => ({
  name: `monitoring/anomaly/experiments/${id}.json`,
  schema: experimentReportSchema,
});

/** What is compared now: undefined without a challenger, while it gets nothing to score, and during a canary. */
export function currentExperiment({ routing, aliases, canary }: RoutingPlan): Experiment | undefined {
  const { champion, challenger } = aliases ?? {};
  if (!aliases || !champion || !challenger || canary?.status === 'running') return undefined;
  if (routing.challenger === 0 && !routing.shadow) return undefined;
  const startedAt = routing.changedAt > aliases.changedAt ? routing.changedAt : aliases.changedAt;
  return { champion, challenger, startedAt };
}

/**
 * How the comparison stands. The first report that decides it is kept, and given from then on; it moves nothing by
 * itself: a promotion is somebody's decision, or a canary's.
 * @returns undefined when nothing is compared
 */
export async function experimentStatus(
  platform: Pick<Platform, 'blobs' | 'clock' | 'warehouse' | 'telemetry' | 'settings'>,
  signal: AbortSignal,
): Promise<ExperimentReport | undefined> {
  const experiment = currentExperiment(await readPlan(platform, signal));
  if (!experiment) return undefined;
  const blob = blobOf(experimentId(experiment));
  const decided = await readState(platform, blob, signal);
  if (decided) return decided.state;
  const nowMs = platform.clock.now();
  const to = toTimestamp(nowMs);
  const outcomes =
    to > experiment.startedAt
      ? await platform.warehouse.scoreOutcomes(
          { from: experiment.startedAt, to, limit: mostVerdicts },
          signal,
        )
      : [];
  const report = reportExperiment(experiment, outcomes, nowMs, platform.settings.EXPERIMENT_HOURS);
  if (report.decision === 'running') return report;
  if (!(await writeState(platform, blob, report, undefined, signal))) {
    return (await readState(platform, blob, signal))?.state ?? report;
  }
  const { champion, challenger, decision } = report;
  platform.telemetry.metric('experiment.decided', 1, {
    champion: `${champion.model}@${champion.version}`,
    challenger: `${challenger.model}@${challenger.version}`,
    decision,
  });
  return report;
}

/** As `experimentStatus`; a decided report that is damaged is told of and made anew at the next look. */
export async function stepExperiment(
  platform: Parameters<typeof experimentStatus>[0],
  signal: AbortSignal,
): Promise<ExperimentReport | undefined> {
  try {
    return await experimentStatus(platform, signal);
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error);
    return undefined;
  }
}
