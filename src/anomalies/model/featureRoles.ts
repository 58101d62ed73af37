/**
 * Which columns say how an instance is now, how it was a little ago, and how it has been for a while. The
 * unsupervised scores of a row are made of these alone, so that a model needs no memory between rows.
 */
export interface FeatureRoles {
  /** The state now, then the same columns 1, 5 and 15 minutes ago where the features have them. */
  readonly states: readonly Int32Array[];
  /** Now, and mean and spread over the window behind. */
  readonly window: Int32Array;
  /** Unsupervised scores that came with the row, made by detectors that remember; higher is more anomalous. */
  readonly givenScores: Int32Array;
}

/** Name ending of a column that holds a score by a detector upstream. */
export const givenScoreEnding = '__anomaly_score';

const now = /__(?:value|increase_1m)$/;
const lags = ['1m', '5m', '15m'];
const calendar =
  /^(?:hour_of_day|day_of_week|is_weekend|is_business_hours)(?:_sin|_cos)?$|^(?:hour|day|week)[a-z_]*_(?:sin|cos)$/;

/** Columns without a known ending are all taken for the state: counts of events, readings of a machine. */
export function featureRoles(features: readonly string[]): FeatureRoles {
  const indexes = new Map(features.map((name, index) => [name, index]));
  const where = (holds: (name: string) => boolean): number[] =>
    features.flatMap((name, index) => (holds(name) ? [index] : []));
  const givenScores = Int32Array.from(where((name) => name.endsWith(givenScoreEnding)));
  const current = where((name) => now.test(name));
  if (current.length === 0) {
    const all = Int32Array.from(where((name) => !name.endsWith(givenScoreEnding) && !calendar.test(name)));
    return { states: [all], window: all, givenScores };
  }
  const metrics = current.map((index) => features[index]!.replace(now, ''));
  const columnsOf = (endings: readonly string[]): Int32Array | undefined => {
    const found = metrics.map((metric) =>
      endings.map((ending) => indexes.get(`${metric}__${ending}`)).find((index) => index !== undefined),
    );
    return found.every((index) => index !== undefined) ? Int32Array.from(found) : undefined;
  };
  const earlier = lags.map((lag) => columnsOf([`lag_${lag}`])).filter((columns) => columns !== undefined);
  const means = columnsOf(['mean_15m', 'rate_15m', 'increase_15m']);
  const spreads = columnsOf(['std_15m']);
  return {
    states: [Int32Array.from(current), ...earlier],
    window: Int32Array.from([...current, ...(means ?? []), ...(spreads ?? [])]),
    givenScores,
  };
}
