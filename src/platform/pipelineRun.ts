import {
  isQuarterdeckError,
  QuarterdeckError,
  timestampMs,
  toTimestamp,
  type Pipeline,
  type PipelineRun,
  type RunStatus,
} from '../contracts';
import type { Platform } from './platform';

/** How a run of a pipeline is begun, told and recorded: one row, one heartbeat, one duration, failures by code. */

/** Recording what happened must work after the work itself was stopped. */
const recordLimitMs = 30_000;

export function startRun(platform: Platform, pipeline: Pipeline, scope: string): PipelineRun {
  const startedAt = toTimestamp(platform.clock.now());
  return {
    runId: platform.newId(),
    pipeline,
    scope,
    status: 'ok',
    counts: {},
    startedAt,
    finishedAt: startedAt,
    errorCode: null,
    detail: null,
  };
}

export interface RunOutcome {
  readonly counts?: Readonly<Record<string, number>>;
  readonly detail?: string;
  /** There was nothing that could be done. */
  readonly skipped?: boolean;
  /** Part of the work is done; the code says why not all of it. */
  readonly partial?: { readonly errorCode: string };
  readonly error?: unknown;
  /** The caller gets the error too and tells of it: it is not logged a second time. */
  readonly thrownOn?: boolean;
}

/**
 * Records the run and emits its metrics.
 * @throws the coded error, or ABORTED, when `signal` was aborted: the caller asked to stop
 */
export async function finishRun(
  platform: Platform,
  run: PipelineRun,
  outcome: RunOutcome,
  signal: AbortSignal,
): Promise<PipelineRun> {
  const { error } = outcome;
  const status: RunStatus =
    error !== undefined ? 'failed' : outcome.skipped ? 'skipped' : outcome.partial ? 'partial' : 'ok';
  const finished: PipelineRun = {
    ...run,
    status,
    counts: outcome.counts ?? {},
    finishedAt: toTimestamp(platform.clock.now()),
    errorCode: error !== undefined ? codeOf(error) : (outcome.partial?.errorCode ?? null),
    detail: error !== undefined ? messageOf(error) : (outcome.detail ?? null),
  };
  const { pipeline, scope } = run;
  if (error !== undefined) {
    if (!outcome.thrownOn) platform.telemetry.exception(error, { pipeline, scope });
    platform.telemetry.metric('pipeline.run.failed', 1, { pipeline, scope, errorCode: codeOf(error) });
  }
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline, scope });
  const durationMs = timestampMs(finished.finishedAt) - timestampMs(finished.startedAt);
  platform.telemetry.metric('pipeline.run.duration', durationMs, { pipeline, scope, status });
  for (const [kind, value] of Object.entries(finished.counts)) {
    platform.telemetry.metric('pipeline.rows', value, { pipeline, scope, kind });
  }
  await platform.warehouse.recordRun(finished, AbortSignal.timeout(recordLimitMs));
  if (signal.aborted && error !== undefined) {
    throw isQuarterdeckError(error)
      ? error
      : new QuarterdeckError('ABORTED', 'the work was stopped', { cause: error });
  }
  return finished;
}

/** Code of any error; one that is not coded is a defect of ours. */
function codeOf(error: unknown): string {
  return isQuarterdeckError(error) ? error.code : 'INTERNAL';
}

function messageOf(error: unknown): string {
  if (error instanceof QuarterdeckError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : 'a value that is no error was thrown';
}
