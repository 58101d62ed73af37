import { isQuarterdeckError, timestampMs, toTimestamp } from '../../../contracts';
import type { Platform } from '../../../platform/platform';
import { isUnderWay } from '../canary/canaryState';
import { readPlan, type RoutingPlan } from '../registryRouter';
import type { ModelReference } from '../../../registry';
import { readState, writeState, type StateBlob, type StoredState } from '../stateBlob';
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
  if (!aliases || !champion || !challenger || isUnderWay(canary)) return undefined;
  if (routing.challenger === 0 && !routing.shadow) return undefined;
  const startedAt = routing.changedAt > aliases.changedAt ? routing.changedAt : aliases.changedAt;
  return { champion, challenger, startedAt };
}

/** Whoever looks gets what was computed within this time: a join over the scores of days is not for every look. */
const freshMs = 60_000;

type ExperimentPlatform = Pick<Platform, 'blobs' | 'clock' | 'warehouse' | 'telemetry' | 'settings'>;

/**
 * How the comparison stands, at most a minute old. The first report that decides it is kept and given from then on; it
 * moves nothing by itself: a promotion is somebody's decision, or a canary's.
 * @returns undefined when nothing is compared
 */
export function experimentStatus(
  platform: ExperimentPlatform,
  signal: AbortSignal,
): Promise<ExperimentReport | undefined> {
  return report(platform, freshMs, signal);
}

/** Computes the report anew, unless it is decided. */
export function stepExperiment(
  platform: ExperimentPlatform,
  signal: AbortSignal,
): Promise<ExperimentReport | undefined> {
  return report(platform, 0, signal);
}

async function report(
  platform: ExperimentPlatform,
  maximumAgeMs: number,
  signal: AbortSignal,
): Promise<ExperimentReport | undefined> {
  const experiment = currentExperiment(await readPlan(platform, signal));
  if (!experiment) return undefined;
  const blob = blobOf(experimentId(experiment));
  const nowMs = platform.clock.now();
  for (;;) {
    const stored = await readReport(platform, blob, signal);
    const known = stored?.state;
    if (known && known.decision !== 'running') return known;
    // A clock that went back makes no report fresh.
    const ageMs = known ? nowMs - timestampMs(known.reportedAt) : Infinity;
    if (known && ageMs >= 0 && ageMs < maximumAgeMs) return known;
    const made = await computeReport(platform, experiment, nowMs, signal);
    if (!(await writeState(platform, blob, made, stored?.etag, signal))) continue;
    if (made.decision !== 'running') tell(platform, made);
    return made;
  }
}

/** A report that is damaged is told of, replaced, and made anew. */
async function readReport(
  platform: ExperimentPlatform,
  blob: StateBlob<ExperimentReport>,
  signal: AbortSignal,
): Promise<StoredState<ExperimentReport> | undefined> {
  try {
    return await readState(platform, blob, signal);
  } catch (error) {
    if (!isQuarterdeckError(error, 'MODEL_CORRUPT')) throw error;
    platform.telemetry.exception(error, { blob: blob.name });
    await platform.blobs.delete(blob.name, signal);
    return undefined;
  }
}

async function computeReport(
  { warehouse, settings }: ExperimentPlatform,
  experiment: Experiment,
  nowMs: number,
  signal: AbortSignal,
): Promise<ExperimentReport> {
  const to = toTimestamp(nowMs);
  const window = { from: experiment.startedAt, to, limit: mostVerdicts };
  const outcomes = to > experiment.startedAt ? await warehouse.scoreOutcomes(window, signal) : [];
  return reportExperiment(experiment, outcomes, nowMs, settings.EXPERIMENT_HOURS);
}

function tell({ telemetry }: ExperimentPlatform, { champion, challenger, decision }: ExperimentReport): void {
  const name = ({ model, version }: ModelReference): string => `${model}@${version}`;
  telemetry.metric('experiment.decided', 1, {
    champion: name(champion),
    challenger: name(challenger),
    decision,
  });
}
