import {
  isQuarterdeckError,
  largestReading,
  timestampMs,
  toTimestamp,
  type MetricDeclaration,
  type QuarantinedRow,
  type Timestamp,
} from '../../contracts';
import { FailureCounts, scoreOf, type QualityReport } from './quality';
import type { UsualRanges } from './usualRanges';

/** A measured value as somebody sent it: nothing about it is certain. */
export interface RawPoint {
  readonly instance: string;
  readonly metric: string;
  readonly at: string;
  readonly value: unknown;
}

export interface ValidPoint {
  readonly instance: string;
  readonly metric: string;
  readonly at: Timestamp;
  readonly value: number;
}

/** Why a point is set aside. */
export type RejectionCode =
  | 'VALUE_NOT_A_NUMBER'
  | 'VALUE_NOT_FINITE'
  | 'VALUE_TOO_LARGE'
  | 'VALUE_OUT_OF_RANGE'
  | 'TIME_INVALID'
  | 'TIME_IN_FUTURE'
  | 'POINT_CONTRADICTED';

export interface RejectedPoint {
  readonly index: number;
  readonly code: RejectionCode;
  readonly detail: string;
}

export interface BatchReport extends QualityReport {
  readonly points: readonly ValidPoint[];
  readonly rejected: readonly RejectedPoint[];
}

export const featureQuarantineSource = 'features';
/** Clocks of senders may be this far ahead of ours. */
const toleratedMs = 300_000;

/**
 * Judges points in the order they came. Of several with the same instance, metric and time the last one stays; an
 * earlier one with another value is set aside, one with the same value is only counted. Points that go back in time
 * are taken, since data comes late, but lower the score.
 */
export function validateBatch(
  raw: readonly RawPoint[],
  given: {
    readonly metrics: readonly MetricDeclaration[];
    readonly nowMs: number;
    readonly usual?: UsualRanges;
  },
): BatchReport {
  const declared = new Map(given.metrics.map((metric) => [metric.name, metric]));
  const [types, range, unusual, order, duplicates] = Array.from({ length: 5 }, () => new FailureCounts()) as [
    FailureCounts,
    FailureCounts,
    FailureCounts,
    FailureCounts,
    FailureCounts,
  ];
  const seen = { ranged: 0, known: 0, typed: 0 };
  const rejected: RejectedPoint[] = [];
  const kept = new Map<string, { index: number; point: ValidPoint }>();
  const newest = new Map<string, Timestamp>();
  raw.forEach(({ instance, metric, at: time, value }, index) => {
    const reject = (failures: FailureCounts, code: RejectionCode, detail: string): void => {
      failures.add(metric);
      rejected.push({ index, code, detail });
    };
    const problem = typeProblem(value);
    if (problem) return reject(types, ...problem);
    seen.typed++;
    const at = readTime(time);
    if (at === undefined)
      return reject(order, 'TIME_INVALID', `not a point in time: ${JSON.stringify(time)}`);
    if (timestampMs(at) > given.nowMs + toleratedMs)
      return reject(order, 'TIME_IN_FUTURE', `${at} has not come yet`);
    const number = value as number;
    const { minimum = -Infinity, maximum = Infinity } = declared.get(metric) ?? {};
    if (minimum > -Infinity || maximum < Infinity) seen.ranged++;
    if (number < minimum || number > maximum) {
      return reject(range, 'VALUE_OUT_OF_RANGE', `${number} is outside [${minimum}, ${maximum}]`);
    }
    const usual = given.usual?.[metric];
    if (usual) {
      seen.known++;
      if (number < usual.least || number > usual.most) unusual.add(metric);
    }
    const series = JSON.stringify([instance, metric]);
    if (at < (newest.get(series) ?? '')) order.add(metric);
    else newest.set(series, at);
    const key = `${series} ${at}`;
    const earlier = kept.get(key);
    if (earlier) {
      duplicates.add(metric);
      if (earlier.point.value !== number) {
        const detail = `${earlier.point.value} at ${at} was followed by ${number}`;
        rejected.push({ index: earlier.index, code: 'POINT_CONTRADICTED', detail });
      }
    }
    kept.set(key, { index, point: { instance, metric, at, value: number } });
  });
  const checks = [
    types.check('types', raw.length),
    range.check('range', seen.ranged),
    unusual.check('usual_range', seen.known),
    order.check('time_order', seen.typed),
    duplicates.check('duplicates', seen.typed),
  ];
  const points = [...kept.values()].sort((one, other) => one.index - other.index).map(({ point }) => point);
  rejected.sort((one, other) => one.index - other.index);
  return { rows: raw.length, accepted: points.length, score: scoreOf(checks), checks, points, rejected };
}

/** Rows for the quarantine, known by instance, metric and time. */
export function quarantinedPoints(
  raw: readonly RawPoint[],
  rejected: readonly RejectedPoint[],
  at: Timestamp,
): QuarantinedRow[] {
  return rejected.map(({ index, code, detail }) => {
    const point = raw[index]!;
    return {
      source: featureQuarantineSource,
      key: `${point.instance} ${point.metric} ${point.at}`,
      reasonCode: code,
      detail,
      // JSON has no NaN and no infinity, and turns them into null: as text they stay what they were.
      rowJson: JSON.stringify(point, (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      ),
      at,
    };
  });
}

function typeProblem(value: unknown): [RejectionCode, string] | undefined {
  if (typeof value !== 'number') {
    return ['VALUE_NOT_A_NUMBER', `${JSON.stringify(value) ?? String(value)} is not a number`];
  }
  if (!Number.isFinite(value)) return ['VALUE_NOT_FINITE', `${value} is not finite`];
  if (Math.abs(value) > largestReading) return ['VALUE_TOO_LARGE', `${value} is beyond ±${largestReading}`];
  return undefined;
}

function readTime(time: string): Timestamp | undefined {
  try {
    return toTimestamp(time);
  } catch (error) {
    if (isQuarterdeckError(error, 'INPUT_INVALID')) return undefined;
    throw error;
  }
}
