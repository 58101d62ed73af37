import {
  Calendar,
  QuarterdeckError,
  timestampMs,
  type AlertSeverity,
  type BusinessHours,
  type Timestamp,
} from '../../contracts';
import type { Matrix } from '../../learn/matrix';
import type { RunControl } from '../../learn/run';
import { breathe } from '../../learn/run';
import type { EnrichedAlert } from '../enrich';
import type { GraphIndex } from '../graph/graphIndex';
import { alertingShares } from './alertingShares';
import { CategoryPlaces, resourceType } from './categories';
import { featureColumns } from './definitions';
import { graphFeatures } from './graphFeatures';
import { groupPlaces } from './groupPlaces';
import { fitNameEmbedding, type NameEmbedding } from './nameEmbedding';
import { repeatsOf } from './repeats';

export interface AlertFeatureInput {
  readonly enriched: readonly EnrichedAlert[];
  readonly index: GraphIndex;
  /** Group of each alert, a negative number for none; without it every alert is on its own. */
  readonly groups?: Int32Array;
  /** IANA name. */
  readonly timeZone: string;
  readonly businessHours: BusinessHours;
  /** That of the model the rows are for; without it one is learned from these alerts' names. */
  readonly nameEmbedding?: NameEmbedding;
  /** When open alerts are looked at; the latest time among the alerts when left out. */
  readonly now?: Timestamp;
  /** How far back earlier firings count. Default 60, which is what a grouping run looks back. */
  readonly lookBackMinutes?: number;
  /** Longest pause between an end and a new start that is flapping. Default 15. */
  readonly windowMinutes?: number;
}

export interface AlertFeatures {
  /** `featureColumns`. */
  readonly names: readonly string[];
  /** `alerts × names`, all finite. */
  readonly rows: Matrix;
  readonly nameEmbedding: NameEmbedding;
}

const defaultLookBackMinutes = 60;
const defaultWindowMinutes = 15;
/** An alert that nobody closes says no more after a day. */
const longestMinutes = 1_440;
const nameSeed = 1;
const rowsPerBreath = 8_192;
const severityLevel: Readonly<Record<AlertSeverity, number>> = {
  critical: 4,
  high: 3,
  warning: 2,
  low: 1,
  info: 0,
  unknown: 2,
};

/**
 * The features of every alert, in the order of the alerts.
 * @throws PARAMETER_INVALID for an unknown zone or groups of another length, ABORTED.
 */
export async function alertFeatures(input: AlertFeatureInput, control?: RunControl): Promise<AlertFeatures> {
  const { enriched, index } = input;
  const n = enriched.length;
  const groups = input.groups ?? new Int32Array(n).fill(-1);
  if (groups.length !== n) {
    throw new QuarterdeckError('PARAMETER_INVALID', `${groups.length} groups for ${n} alerts`, {
      culprit: { option: 'groups' },
    });
  }
  const calendar = new Calendar(input.timeZone, input.businessHours);
  const names = numbered(enriched, ({ alert }) => alert.name);
  const nameEmbedding = input.nameEmbedding ?? (await fitNameEmbedding(names.distinct, nameSeed, control));
  const places = names.distinct.map((name) => nameEmbedding.embed(name));
  const nodes = Int32Array.from(enriched, ({ node }) => node);
  const starts = Float64Array.from(enriched, ({ alert }) => timestampMs(alert.startsAt) / 60_000);
  const ends = Float64Array.from(enriched, ({ alert }) =>
    alert.endsAt === null ? Number.NaN : timestampMs(alert.endsAt) / 60_000,
  );
  const now = input.now === undefined ? latest(starts, ends) : timestampMs(input.now) / 60_000;
  const over = Uint8Array.from(enriched, ({ alert }) => Number(alert.status === 'resolved'));
  const conditions = numbered(enriched, ({ alert }) => alert.fingerprint).numbers;
  const repeats = repeatsOf(
    { conditions, starts, ends },
    {
      lookBackMinutes: input.lookBackMinutes ?? defaultLookBackMinutes,
      flappingMinutes: input.windowMinutes ?? defaultWindowMinutes,
    },
  );
  const group = groupPlaces({ groups, names: names.numbers, starts, over });
  const alerting = alertingShares(index, { nodes, starts, ends });
  const standing = graphFeatures(index);
  const unknownService = columnMeans(standing);
  const categories = new CategoryPlaces();

  const d = featureColumns.length;
  const values = new Float32Array(n * d);
  for (let row = 0; row < n; row++) {
    if (row % rowsPerBreath === 0) await breathe(control);
    const { alert, node } = enriched[row]!;
    const minute = Math.floor(starts[row]!);
    const end = Number.isNaN(ends[row]!) ? now : ends[row]!;
    let at = row * d;
    const put = (value: number): void => {
      values[at++] = value;
    };
    const putAll = (numbers: Float32Array): void => {
      values.set(numbers, at);
      at += numbers.length;
    };
    putAll(node < 0 ? unknownService : standing.values.subarray(node * standing.d, (node + 1) * standing.d));
    put(alerting.neighbors[row]!);
    put(alerting.upstream[row]!);
    put(severityLevel[alert.severity]);
    put(Math.log1p(Math.min(longestMinutes, Math.max(0, end - starts[row]!))));
    put(Math.log1p(repeats.count[row]!));
    put(Math.log1p(repeats.gapMean[row]!));
    put(Math.log1p(repeats.gapDeviation[row]!));
    put(repeats.flapping[row]!);
    put(calendar.valueOf('hour_of_day_sin', minute));
    put(calendar.valueOf('hour_of_day_cos', minute));
    put(calendar.valueOf('day_of_week_sin', minute));
    put(calendar.valueOf('day_of_week_cos', minute));
    put(calendar.valueOf('is_weekend', minute));
    put(calendar.valueOf('is_business_hours', minute));
    putAll(categories.placeOf(alert.source));
    putAll(places[names.numbers[row]!]!);
    put(Math.log1p(Object.keys(alert.labels).length));
    put(Math.log1p(alert.description.length));
    putAll(categories.placeOf(resourceType(alert)));
    put(Math.log1p(group.sinceFirst[row]!));
    put(Math.log(group.size[row]!));
    put(group.sameName[row]!);
    put(group.resolved[row]!);
  }
  return { names: featureColumns, rows: { values, n, d }, nameEmbedding };
}

/** Distinct texts in order of first appearance, and the number of each alert's. */
function numbered(
  enriched: readonly EnrichedAlert[],
  textOf: (alert: EnrichedAlert) => string,
): { numbers: Int32Array; distinct: string[] } {
  const known = new Map<string, number>();
  const numbers = Int32Array.from(enriched, (alert) => {
    const text = textOf(alert);
    let number = known.get(text);
    if (number === undefined) known.set(text, (number = known.size));
    return number;
  });
  return { numbers, distinct: [...known.keys()] };
}

function latest(starts: Float64Array, ends: Float64Array): number {
  let last = -Infinity;
  for (const start of starts) last = Math.max(last, start);
  for (const end of ends) if (end > last) last = end;
  return last;
}

/** What stands for a service that no graph has: the middle of those it has, 0 where it has none. */
function columnMeans({ values, n, d }: Matrix): Float32Array {
  const sums = new Float64Array(d);
  for (let index = 0; index < values.length; index++) sums[index % d]! += values[index]!;
  return Float32Array.from(sums, (sum) => (n > 0 ? sum / n : 0));
}
