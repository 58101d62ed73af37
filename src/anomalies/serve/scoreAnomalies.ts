import {
  isQuarterdeckError,
  QuarterdeckError,
  routedModelName,
  toTimestamp,
  mostRawMinutes,
  type AnomalyModelName,
  type ScoreAnswer,
  type ScoreRequest,
  type ScoreRole,
  type Timestamp,
} from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import { unitOf } from '../route/unit';
import { computeFeatures } from '../features';
import { featureRows } from './featureRows';
import { minuteOf, seriesOf } from './instanceSeries';
import type { PinnedModel } from './modelServer';
import { useRouted, withChampionFeatures, type SilentResult } from './routedWork';
import { requestExplanations, scoredRows, storedScores, type ScoredRow } from './scoredRows';
import type { ServedModel } from './servedModel';
import type { Serving } from './serving';

/** Rows and the time of each, null where nobody said it. */
interface TimedRows {
  readonly rows: Matrix;
  readonly times: readonly (Timestamp | null)[];
}

interface Answered extends TimedRows {
  readonly model: ServedModel;
  readonly scored: readonly ScoredRow[];
  readonly tookMs: number;
}

/**
 * `POST /api/anomaly`: scores rows, says what moved them, keeps the scores where instance and time are known, and asks
 * for explanations of anomalies that are certain enough.
 * @throws INPUT_INVALID, FEATURES_MISMATCH, MODEL_MISSING
 */
export async function scoreAnomalies(
  platform: Platform,
  serving: Serving,
  request: ScoreRequest,
  headers: { get(name: string): string | null },
  signal: AbortSignal,
): Promise<ScoreAnswer> {
  checkForm(request);
  const { unit } =
    request.unit === undefined
      ? unitOf(headers, request.instance, () => platform.newId())
      : { unit: request.unit };
  const work = (pinned: PinnedModel) => answer(platform, pinned, request, signal);
  if (request.model === routedModelName) {
    const choice = await serving.router.choose(unit);
    const chosen = request.metrics ? choice : await withChampionFeatures(serving, choice, signal);
    const { value, choice: by, silent } = await useRouted(serving, chosen, signal, work);
    return finish(platform, request, { answered: value, role: by.role, unit, silent }, signal);
  }
  const model: AnomalyModelName = request.model;
  const { value } = await serving.server.use(model, request.version, signal, work);
  return finish(platform, request, { answered: value, role: 'named', unit, silent: undefined }, signal);
}

function checkForm({ features, metrics, logs, at, instance, version, model }: ScoreRequest): void {
  if ((features === undefined) === (metrics === undefined)) {
    throw invalid('give either "features" or "metrics"', 'features');
  }
  if (features !== undefined && logs !== undefined) throw invalid('"logs" go with "metrics"', 'logs');
  if (metrics !== undefined && at !== undefined) throw invalid('"at" goes with "features"', 'at');
  if (metrics !== undefined && instance === undefined)
    throw invalid('"metrics" need an "instance"', 'instance');
  if (version !== undefined && model === routedModelName) {
    throw invalid(`"version" goes with a model by name, not with "${routedModelName}"`, 'version');
  }
}

async function answer(
  { clock }: Pick<Platform, 'clock'>,
  pinned: PinnedModel,
  request: ScoreRequest,
  signal: AbortSignal,
): Promise<{ value: Answered; rows: Matrix; classified: Awaited<ReturnType<PinnedModel['classify']>> }> {
  const { model, statistics } = pinned;
  const startedMs = clock.monotonic();
  try {
    const { rows, times } = rowsOf(request, model);
    const readMs = clock.monotonic();
    const classified = await pinned.classify(rows, signal);
    const classifiedMs = clock.monotonic();
    const limits = { limit: request.contributions, onlyAnomalies: false };
    const scored = await scoredRows(model, rows, classified, limits, signal);
    const endedMs = clock.monotonic();
    statistics.succeeded({
      rows: rows.n,
      atMs: clock.now(),
      tookMs: endedMs - startedMs,
      inputMs: readMs - startedMs,
      outputMs: endedMs - classifiedMs,
    });
    const tookMs = classifiedMs - startedMs;
    return { value: { rows, times, model, scored, tookMs }, rows, classified };
  } catch (error) {
    statistics.failed(clock.monotonic() - startedMs);
    throw error;
  }
}

function rowsOf(request: ScoreRequest, model: ServedModel): TimedRows {
  if (request.features !== undefined) {
    const rows = featureRows(request.features, model.features, request.allowMissing);
    if (request.at !== undefined && request.at.length !== rows.n) {
      throw invalid(`"at" has ${request.at.length} times for ${rows.n} rows`, 'at');
    }
    const times = Array.from({ length: rows.n }, (_, row) => {
      const at = request.at?.[row];
      return at === undefined ? null : timeOf(at, `at.${row}`);
    });
    return { rows, times };
  }
  return rawRows(request, model);
}

const minuteMs = 60_000;
/** Of storing the silent scores of one request. */
const storeSilentLimitMs = 30_000;

/** The last minutes of raw metrics, as the feature set of the model makes features of them. */
function rawRows(
  { metrics = [], logs = [], minutes, allowMissing }: ScoreRequest,
  model: ServedModel,
): TimedRows {
  const set = model.featureSet;
  const points = metrics.map((point, index) => ({ ...point, at: timeOf(point.at, `metrics.${index}.at`) }));
  const records = logs.map((record, index) => ({ ...record, at: timeOf(record.at, `logs.${index}.at`) }));
  const known = new Set(set.metrics.map(({ name }) => name));
  const given = new Set(points.map(({ metric }) => metric));
  const unknown = [...given].filter((metric) => !known.has(metric)).slice(0, 20);
  const lacking = allowMissing ? [] : [...known].filter((metric) => !given.has(metric)).slice(0, 20);
  if (unknown.length > 0 || lacking.length > 0) {
    const said = [
      ...(unknown.length > 0 ? [`the model does not know the metrics ${unknown.join(', ')}`] : []),
      ...(lacking.length > 0
        ? [`the metrics ${lacking.join(', ')} are lacking; with "allowMissing": true they count as missing`]
        : []),
    ];
    throw new QuarterdeckError('FEATURES_MISMATCH', said.join('; '), { culprit: { unknown, lacking } });
  }
  let from = Infinity;
  let to = -Infinity;
  for (const { at } of [...points, ...records]) {
    const minute = minuteOf(at);
    from = Math.min(from, minute);
    to = Math.max(to, minute);
  }
  if (to - from >= mostRawMinutes) {
    throw invalid(
      `the metrics span ${to - from + 1} minutes, at most ${mostRawMinutes} are taken`,
      'metrics',
    );
  }
  const all = computeFeatures(set, seriesOf(set, points, records, { from, to }));
  const n = Math.min(minutes, all.n);
  const first = all.n - n;
  const values = all.values.subarray(first * all.d);
  const times = Array.from({ length: n }, (_, row) => toTimestamp((from + first + row) * minuteMs));
  return { rows: { values, n, d: all.d }, times };
}

interface Outcome {
  readonly answered: Answered;
  readonly role: ScoreRole;
  readonly unit: string;
  readonly silent: Promise<SilentResult | undefined> | undefined;
}

async function finish(
  platform: Platform,
  { instance, store }: ScoreRequest,
  { answered, role, unit, silent }: Outcome,
  signal: AbortSignal,
): Promise<ScoreAnswer> {
  const { model, scored, times, tookMs } = answered;
  let stored = 0;
  let explanationsRequested = 0;
  if (store && instance !== undefined && times.every((at) => at !== null)) {
    const about = { model, role, instance, unit, times, tookMs };
    const scores = storedScores(platform, about, scored);
    // Explanations are asked for first: a crash in between asks twice, which the explanation's own id absorbs.
    explanationsRequested = await requestExplanations(platform, scores, signal);
    await platform.warehouse.mergeAnomalyScores(scores, signal);
    stored = scores.length;
    if (silent) await storeSilent(platform, silent, { instance, unit, times }, answered.rows);
  }
  return {
    model: model.name,
    version: model.version,
    role,
    unit,
    featureSet: model.featureSet.id,
    thresholds: { anomaly: model.threshold, explain: platform.settings.ANOMALY_EXPLAIN_CONFIDENCE },
    results: scored.map(({ score, label, confidence, contributions }, row) => ({
      at: times[row]!,
      score,
      label,
      confidence,
      contributions: [...contributions],
    })),
    stored,
    explanationsRequested,
  };
}

/** Keeps the silent scores once they are there: the answer is not made to wait for a model that does not give it. */
async function storeSilent(
  { later, clock, warehouse }: Platform,
  silent: Promise<SilentResult | undefined>,
  about: { readonly instance: string; readonly unit: string; readonly times: readonly Timestamp[] },
  rows: Matrix,
): Promise<void> {
  await later.start('shadow scores', async () => {
    const result = await silent;
    const limit = AbortSignal.timeout(storeSilentLimitMs);
    const scores = await silentRows({ clock }, result, about, rows, limit);
    if (scores.length > 0) await warehouse.mergeAnomalyScores(scores, limit);
  });
}

/** Scores that were made beside the answer, for the comparison of the two models. */
export async function silentRows(
  platform: Pick<Platform, 'clock'>,
  silent: SilentResult | undefined,
  about: { readonly instance: string; readonly unit: string; readonly times: readonly Timestamp[] },
  rows: Matrix,
  signal: AbortSignal,
): Promise<ReturnType<typeof storedScores>> {
  if (!silent) return [];
  const n = silent.classified.labels.length;
  const part: Matrix = { values: rows.values.subarray(0, n * rows.d), n, d: rows.d };
  const scored = await scoredRows(
    silent.model,
    part,
    silent.classified,
    { limit: 0, onlyAnomalies: true },
    signal,
  );
  return storedScores(
    platform,
    { ...about, model: silent.model, role: 'shadow', tookMs: silent.tookMs },
    scored,
  );
}

function timeOf(text: string, field: string): Timestamp {
  try {
    return toTimestamp(text);
  } catch (error) {
    if (!isQuarterdeckError(error)) throw error;
    throw invalid(`${field}: ${error.message}`, field);
  }
}

function invalid(message: string, field: string): QuarterdeckError {
  return new QuarterdeckError('INPUT_INVALID', message, { culprit: { field } });
}
