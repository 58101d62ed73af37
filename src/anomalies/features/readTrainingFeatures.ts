import {
  QuarterdeckError,
  toTimestamp,
  type DataQuality,
  type FeatureSet,
  type QuarantinedRow,
  type Timestamp,
} from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { Platform } from '../../platform/platform';
import {
  featureQuarantineSource,
  joinChecks,
  learnUsualRanges,
  qualityRow,
  quarantinedPoints,
  scoreOf,
  validateBatch,
  validateSeries,
  type MetricGrid,
  type QualityCheck,
  type SeriesReport,
} from '../validate';
import { deriveFeatureSet } from './deriveFeatureSet';
import type { FeatureSetOptions } from './featureSet';
import { byInstance, valueColumns, type InstanceFeatures } from './instanceFeatures';

export interface TrainingQuery {
  /** Derived from what is stored when left out, with `options`. */
  readonly set?: FeatureSet;
  readonly options?: FeatureSetOptions;
  /** What the model that answers now takes: its pairs of metrics are kept where its metrics are the same. */
  readonly earlier?: FeatureSet;
  /** All that reported when left out. */
  readonly instances?: readonly string[];
  /** Half-open: [from, to). */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** Names the rows of the quality history; a new id when left out. */
  readonly batchId?: string;
}

/** Rows of all instances, by instance and minute. */
export interface TrainingFeatures {
  readonly set: FeatureSet;
  readonly instances: readonly string[];
  /** Per row, its place in `instances`. */
  readonly instanceOf: Uint32Array;
  /** Per row, minutes since 1970. */
  readonly minutes: Int32Array;
  /** n × features; NaN where a feature is missing. */
  readonly matrix: Matrix;
  /** Of all instances together. */
  readonly quality: DataQuality;
}

type ReadingPlatform = Pick<Platform, 'warehouse' | 'settings' | 'clock' | 'newId'>;

const subject = 'features';
/** Points set aside per instance: enough to see what is wrong. */
const mostQuarantinedPoints = 1_000;

/**
 * Features for training, judged and read one instance after the other: only the answer itself grows with the data.
 * Rows that lack a critical metric are left out and set aside, and so are points that no feature can be made of;
 * nothing is filled. Quality is stored per instance and for all, under scope `all`.
 *
 * @throws DATA_EMPTY when there are no rows; DATA_QUALITY_LOW, naming the columns, below ANOMALY_MINIMUM_QUALITY.
 */
export async function readTrainingFeatures(
  platform: ReadingPlatform,
  query: TrainingQuery,
  signal: AbortSignal,
): Promise<TrainingFeatures> {
  const set = query.set ?? (await deriveFeatureSet(platform, query, query.options ?? {}, signal));
  const batchId = query.batchId ?? platform.newId();
  const parts: InstanceFeatures[] = [];
  const checks: QualityCheck[][] = [];
  const counts = { rows: 0, accepted: 0 };
  for await (const read of judgedFeatures(platform, { ...query, set, batchId }, signal)) {
    counts.rows += read.report.rows;
    counts.accepted += read.report.accepted;
    checks.push([...read.report.checks]);
    if (read.features.matrix.n > 0) parts.push(read.features);
  }
  const all = joinChecks(checks);
  const quality = qualityRow(
    { ...counts, score: scoreOf(all), checks: all },
    { batchId, subject, scope: 'all', at: now(platform) },
  );
  await platform.warehouse.mergeDataQuality([quality], signal);
  refuseLow(quality, all, platform.settings.ANOMALY_MINIMUM_QUALITY);
  if (parts.length === 0) {
    throw new QuarterdeckError('DATA_EMPTY', `no usable rows from ${query.from} to ${query.to}`);
  }
  return { set, ...together(parts, set.names.length), quality };
}

interface JudgedFeatures {
  /** Without the rows that are set aside. */
  readonly features: InstanceFeatures;
  readonly report: Pick<SeriesReport, 'rows' | 'accepted' | 'score' | 'checks'>;
}

/** The same instance by instance, for whoever need not hold all of them; judges and stores, but refuses nothing. */
export async function* judgedFeatures(
  platform: ReadingPlatform,
  query: TrainingQuery & { readonly set: FeatureSet; readonly batchId: string },
  signal: AbortSignal,
): AsyncGenerator<JudgedFeatures> {
  const { warehouse } = platform;
  const { set, batchId, from, to } = query;
  const instances = query.instances ?? (await reportingInstances(platform, query, signal));
  for await (const features of byInstance(warehouse.metricFeatures({ set, instances, from, to }, signal))) {
    const { instance } = features;
    const grid = gridOf(set, features);
    const judged = validateSeries(grid, learnUsualRanges(grid));
    const points = await unusablePoints(platform, { set, instances: [instance], from, to }, signal);
    const checks = joinChecks([judged.checks, points.checks]);
    const report = { rows: judged.rows, accepted: judged.accepted, score: scoreOf(checks), checks };
    const at = now(platform);
    await warehouse.mergeDataQuality([qualityRow(report, { batchId, subject, scope: instance, at })], signal);
    await warehouse.mergeQuarantined([...points.quarantined, ...stretchRows(features, judged, at)], signal);
    yield { features: withoutBad(features, judged), report };
  }
}

async function reportingInstances(
  { warehouse }: ReadingPlatform,
  { set, from, to }: TrainingQuery & { readonly set: FeatureSet },
  signal: AbortSignal,
): Promise<string[]> {
  const known = new Set(set.metrics.map(({ name }) => name));
  const catalog = await warehouse.metricCatalog({ from, to }, signal);
  return [...new Set(catalog.filter(({ metric }) => known.has(metric)).map(({ instance }) => instance))];
}

/** Points that the SQL passed over: they are judged by the rules for points, which say what is wrong with each. */
async function unusablePoints(
  platform: ReadingPlatform,
  query: { set: FeatureSet; instances: readonly string[]; from: Timestamp; to: Timestamp },
  signal: AbortSignal,
): Promise<{ checks: readonly QualityCheck[]; quarantined: QuarantinedRow[] }> {
  const points = await platform.warehouse.unusablePoints({ ...query, limit: mostQuarantinedPoints }, signal);
  if (points.length === 0) return { checks: [], quarantined: [] };
  const { metrics } = query.set;
  const report = validateBatch(points, { metrics, nowMs: platform.clock.now() });
  // Only failures: what was good of the rest is counted on the grid.
  return {
    checks: report.checks.filter(({ name, failed }) => failed > 0 && (name === 'types' || name === 'range')),
    quarantined: quarantinedPoints(points, report.rejected, now(platform)),
  };
}

function gridOf(set: FeatureSet, { matrix }: InstanceFeatures): MetricGrid {
  const columns = valueColumns(set);
  const { values, n, d } = matrix;
  return {
    metrics: set.metrics,
    rows: n,
    value: (row, metric) => (columns[metric]! < 0 ? Number.NaN : values[row * d + columns[metric]!]!),
  };
}

function stretchRows(
  { instance, minutes }: InstanceFeatures,
  { stretches }: SeriesReport,
  at: Timestamp,
): QuarantinedRow[] {
  const timeOf = (row: number): Timestamp => toTimestamp(minutes[row]! * 60_000);
  return stretches.map(({ firstRow, lastRow, metrics }) => {
    const [first, last] = [timeOf(firstRow), timeOf(lastRow)];
    return {
      source: featureQuarantineSource,
      key: `${instance} ${first}`,
      reasonCode: 'CRITICAL_MISSING',
      detail: `no value of ${metrics.join(', ')} from ${first} to ${last}`,
      rowJson: JSON.stringify({ instance, first, last, metrics, rows: lastRow - firstRow + 1 }),
      at,
    };
  });
}

function withoutBad(features: InstanceFeatures, { bad, accepted }: SeriesReport): InstanceFeatures {
  const { matrix, minutes } = features;
  if (accepted === matrix.n) return features;
  const { d } = matrix;
  const values = new Float32Array(accepted * d);
  const kept = new Int32Array(accepted);
  let next = 0;
  for (let row = 0; row < matrix.n; row++) {
    if (bad[row] === 1) continue;
    values.set(matrix.values.subarray(row * d, (row + 1) * d), next * d);
    kept[next++] = minutes[row]!;
  }
  return { instance: features.instance, minutes: kept, matrix: { values, n: accepted, d } };
}

/** Takes the parts out of the list as it copies them, so that their memory is free again. */
function together(
  parts: InstanceFeatures[],
  d: number,
): Pick<TrainingFeatures, 'instances' | 'instanceOf' | 'minutes' | 'matrix'> {
  const n = parts.reduce((sum, { matrix }) => sum + matrix.n, 0);
  const values = new Float32Array(n * d);
  const minutes = new Int32Array(n);
  const instanceOf = new Uint32Array(n);
  const instances = parts.map(({ instance }) => instance);
  let row = 0;
  for (let index = 0; index < instances.length; index++) {
    const part = parts.shift()!;
    values.set(part.matrix.values, row * d);
    minutes.set(part.minutes, row);
    instanceOf.fill(index, row, row + part.matrix.n);
    row += part.matrix.n;
  }
  return { instances, instanceOf, minutes, matrix: { values, n, d } };
}

function refuseLow(quality: DataQuality, checks: readonly QualityCheck[], minimum: number): void {
  if (quality.rows === 0 || quality.score >= minimum) return;
  const failed = checks.filter((check) => check.failed > 0);
  const columns = [...new Set(failed.flatMap((check) => check.columns))];
  const why = failed.map(({ name, failed: count, checked }) => `${name} ${count} of ${checked}`);
  throw new QuarterdeckError(
    'DATA_QUALITY_LOW',
    `the quality of the data is ${quality.score.toFixed(3)}, below ${minimum}: ${why.join(', ')}; see ${columns.slice(0, 10).join(', ')}`,
    { culprit: { columns, score: quality.score, minimum, batchId: quality.batchId } },
  );
}

function now({ clock }: Pick<Platform, 'clock'>): Timestamp {
  return toTimestamp(clock.now());
}
