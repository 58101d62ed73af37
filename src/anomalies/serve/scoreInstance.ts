import { z } from 'zod';
import {
  instanceNameSchema,
  isQuarterdeckError,
  logFunctions,
  scoreQueue,
  toTimestamp,
  carryMinutes,
  type AnomalyScore,
  type FeatureSet,
  type LogEvent,
  type PipelineRun,
  type Timestamp,
} from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import { finishRun, startRun } from '../../platform/pipelineRun';
import type { Platform } from '../../platform/platform';
import { withLimit } from '../../platform/stopping';
import { computeFeatures } from '../features';
import { firstSeenBy, minuteOf, seriesOf, type SeriesPoint } from './instanceSeries';
import type { PinnedModel } from './modelServer';
import { useRouted, type RoutedResult } from './routedWork';
import { silentRows } from './scoreAnomalies';
import { requestExplanations, scoredRows, storedScores } from './scoredRows';
import type { Serving } from './serving';

/** The timer only fans out: one message per instance that has reported lately. */
export const scoreMessageSchema = z.strictObject({
  instance: instanceNameSchema,
  /** When the timer was due; for tracing. */
  scheduledAt: z.string().optional(),
});
export type ScoreMessage = z.infer<typeof scoreMessageSchema>;

const minuteMs = 60_000;
const logNames: ReadonlySet<string> = new Set(logFunctions);
/** Contributions kept for an anomaly. */
const contributionsKept = 10;
const logPage = 10_000;

/** @returns instances that a message was sent for */
export async function enqueueScoring(
  platform: Pick<Platform, 'warehouse' | 'queues' | 'telemetry' | 'clock' | 'settings'>,
  signal: AbortSignal,
): Promise<string[]> {
  const nowMs = platform.clock.now();
  const from = toTimestamp(nowMs - platform.settings.SCORE_LOOKBACK_MINUTES * minuteMs);
  const catalog = await platform.warehouse.metricCatalog({ from }, signal);
  const instances = [...new Set(catalog.map(({ instance }) => instance))];
  const scheduledAt = toTimestamp(nowMs);
  await platform.queues.send(
    scoreQueue,
    instances.map((instance): ScoreMessage => ({ instance, scheduledAt })),
    signal,
  );
  // A timer that fires is a sign of life even where there is nothing to do.
  platform.telemetry.metric('pipeline.heartbeat', 1, { pipeline: 'anomaly-score', scope: 'all' });
  return instances;
}

/**
 * Scores the minutes of an instance that have readings and no score of the version that it is routed to yet. Running
 * twice stores the same rows again and asks for no explanation twice.
 * @returns the run as it was recorded; a failure is in it, except when the caller asked to stop
 */
export async function scoreInstance(
  platform: Platform,
  serving: Serving,
  { instance }: ScoreMessage,
  signal: AbortSignal,
): Promise<PipelineRun> {
  const run = startRun(platform, 'anomaly-score', instance);
  const limited = withLimit(signal, platform.settings.SCORE_DEADLINE_MS);
  try {
    const counts = await scoreNewMinutes(platform, serving, instance, limited);
    return await finishRun(platform, run, { counts, skipped: counts.scored === 0 }, signal);
  } catch (error) {
    // Nothing is promoted yet: there is nothing wrong with that.
    const skipped = isQuarterdeckError(error, 'MODEL_MISSING');
    const outcome = skipped ? { skipped, detail: error.message } : { error };
    const finished = await finishRun(platform, run, outcome, signal);
    // The queue tries again what may work later.
    if (isQuarterdeckError(error) && error.retryable) throw error;
    return finished;
  }
}

interface Scored {
  readonly times: readonly Timestamp[];
  readonly scores: readonly AnomalyScore[];
}

async function scoreNewMinutes(
  platform: Platform,
  serving: Serving,
  instance: string,
  signal: AbortSignal,
): Promise<{ scored: number; anomalies: number; explanations: number }> {
  const none = { scored: 0, anomalies: 0, explanations: 0 };
  const choice = await serving.router.choose(instance);
  const newest = Math.floor(platform.clock.now() / minuteMs);
  const oldest = newest - platform.settings.SCORE_LOOKBACK_MINUTES;
  const routed = await useRouted(serving, choice, signal, (pinned, { role }) =>
    scoreMinutes(platform, pinned, { instance, role, oldest, newest }, signal),
  );
  const { times, scores } = routed.value;
  if (scores.length === 0) return none;
  const about = { instance, unit: instance, times };
  const rows = routed.value.rows;
  const silent = await silentRows(platform, await routed.silent, about, rows, signal);
  // Explanations are asked for first: a crash in between asks twice, which the explanation's own id absorbs.
  const explanations = await requestExplanations(platform, scores, signal);
  await platform.warehouse.mergeAnomalyScores([...scores, ...silent], signal);
  return {
    scored: scores.length,
    anomalies: scores.filter(({ label }) => label === 1).length,
    explanations,
  };
}

interface Window {
  readonly instance: string;
  readonly role: 'champion' | 'challenger';
  /** Minutes since 1970 that may be scored, both included. */
  readonly oldest: number;
  readonly newest: number;
}

async function scoreMinutes(
  platform: Platform,
  pinned: PinnedModel,
  { instance, role, oldest, newest }: Window,
  signal: AbortSignal,
): Promise<RoutedResult<Scored & { readonly rows: Matrix }>> {
  const { model } = pinned;
  const startedMs = platform.clock.monotonic();
  const set = model.featureSet;
  const from = oldest - lookbackMinutes(set);
  const window = { from: toTimestamp(from * minuteMs), to: toTimestamp((newest + 1) * minuteMs) };
  const [points, known] = await Promise.all([
    platform.warehouse.recentPoints({ instance, ...window }, signal),
    platform.warehouse.anomalyScores(
      {
        instance,
        model: model.name,
        modelVersion: model.version,
        from: toTimestamp(oldest * minuteMs),
        to: window.to,
        limit: newest - oldest + 1,
      },
      signal,
    ),
  ]);
  const minutes = newMinutes(points, new Set(known.map(({ at }) => minuteOf(at))), { oldest, newest }, set);
  if (minutes.length === 0) {
    const empty: Matrix = { values: new Float32Array(0), n: 0, d: model.features.length };
    const nothing = { labels: new BigInt64Array(0), probabilities: new Float32Array(0) };
    return { value: { times: [], scores: [], rows: empty }, rows: empty, classified: nothing };
  }
  const rows = await featuresOf(
    platform,
    model.featureSet,
    { instance, from, newest, points, window },
    minutes,
    signal,
  );
  const classified = await pinned.classify(rows, signal);
  const tookMs = platform.clock.monotonic() - startedMs;
  const limits = { limit: contributionsKept, onlyAnomalies: true };
  const scored = await scoredRows(model, rows, classified, limits, signal);
  const times = minutes.map((minute) => toTimestamp(minute * minuteMs));
  const about = { model, role, instance, unit: instance, times, tookMs };
  return {
    value: { times, scores: storedScores(platform, about, scored), rows },
    rows,
    classified,
  };
}

/** Minutes with a reading that the set knows, oldest first, without those that have their score. */
function newMinutes(
  points: readonly SeriesPoint[],
  scored: ReadonlySet<number>,
  { oldest, newest }: { readonly oldest: number; readonly newest: number },
  set: FeatureSet,
): number[] {
  const metrics = new Set(set.metrics.map(({ name }) => name));
  const minutes = new Set<number>();
  for (const { metric, at } of points) {
    const minute = minuteOf(at);
    if (minute >= oldest && minute <= newest && !scored.has(minute) && metrics.has(metric))
      minutes.add(minute);
  }
  return [...minutes].sort((a, b) => a - b);
}

interface Source {
  readonly instance: string;
  readonly from: number;
  readonly newest: number;
  readonly points: readonly SeriesPoint[];
  readonly window: { readonly from: Timestamp; readonly to: Timestamp };
}

async function featuresOf(
  platform: Platform,
  set: FeatureSet,
  { instance, from, newest, points, window }: Source,
  minutes: readonly number[],
  signal: AbortSignal,
): Promise<Matrix> {
  const usesLogs = set.definitions.some(({ function: name }) => logNames.has(name));
  const logs = usesLogs ? await logsOf(platform, instance, window, signal) : [];
  const templates = usesLogs ? await platform.warehouse.logTemplates(signal) : [];
  const firstSeen = firstSeenBy(instance, templates);
  const all = computeFeatures(set, seriesOf(set, points, logs, { from, to: newest }, firstSeen));
  const values = new Float32Array(minutes.length * all.d);
  minutes.forEach((minute, index) => {
    const row = minute - from;
    values.set(all.values.subarray(row * all.d, (row + 1) * all.d), index * all.d);
  });
  return { values, n: minutes.length, d: all.d };
}

async function logsOf(
  { warehouse }: Platform,
  instance: string,
  window: { readonly from: Timestamp; readonly to: Timestamp },
  signal: AbortSignal,
): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for (;;) {
    const last = events.at(-1);
    const after = last && { at: last.at, recordId: last.recordId };
    const page = await warehouse.logEventsBetween(
      { instance, ...window, limit: logPage, ...(after && { after }) },
      signal,
    );
    // Features count records; in a storm of them their texts would fill the memory.
    for (const event of page) events.push({ ...event, message: '', metadataJson: '{}' });
    if (page.length < logPage) return events;
  }
}

/** How far behind a minute its features look: the longest window, and what a reading stands for after it. */
function lookbackMinutes({ definitions }: FeatureSet): number {
  const longest = definitions.reduce((most, { windowMinutes }) => Math.max(most, windowMinutes), 0);
  return longest + carryMinutes + 1;
}
