import { Calendar, carryMinutes, QuarterdeckError, type FeatureSet } from '../../contracts';
import { decodeModel, encodeModel } from '../../learn/binary';
import { MetricFeatures } from './metricFeatures';
import { planOf, type Plan } from './plan';
import { RecentLogs, type MinuteLogs } from './recentLogs';
import { RecentMinutes } from './recentMinutes';

/** Minutes behind the newest one for which readings are still taken. */
export const lateMinutes = 15;

const stateKind = 'feature-window';
const stateVersion = 1;

/**
 * Features of one instance, minute by minute, in bounded memory. The same numbers as the warehouse's SQL gives for
 * the same readings, within 1e-6.
 */
export class FeatureWindow {
  /** Minutes since 1970 of the newest push; undefined before the first. */
  newest: number | undefined;
  private readonly plan: Plan;
  private readonly calendar: Calendar;
  private readonly recent: RecentMinutes;
  private readonly logs: RecentLogs;
  private readonly metricFeatures: MetricFeatures;

  /** @throws PARAMETER_INVALID for a set that cannot be computed. */
  constructor(private readonly set: FeatureSet) {
    this.plan = planOf(set);
    this.calendar = new Calendar(set.timeZone, set.businessHours);
    // The oldest minute that can be asked for looks back; its first counter increment looks one minute and a
    // carried reading further.
    const capacity = lateMinutes + this.plan.lookback + carryMinutes + 2;
    this.recent = new RecentMinutes(this.plan.counters, this.plan.bounds, capacity);
    this.logs = new RecentLogs(capacity);
    this.metricFeatures = new MetricFeatures(this.plan);
  }

  /**
   * Takes the readings of a minute and gives its features. A minute up to `lateMinutes` behind the newest is taken
   * too: its readings replace those it had, later rows are as if they had been there in time, and its own features
   * come back (`featuresAt` gives the others again).
   *
   * @param minute whole minutes since 1970.
   * @param values one reading per metric of the set, a counter's as it stands; NaN where there is none. 64-bit
   *   floats keep large counters exact.
   * @param logs the minute's records so far; in a late push undefined leaves what is there.
   * @returns one value per feature, NaN where it is missing.
   * @throws OBSERVATION_LATE when the minute is further behind, with nothing changed; DATA_WIDTH_MISMATCH;
   *   PARAMETER_INVALID when `minute` is not whole.
   */
  push(minute: number, values: ArrayLike<number>, logs?: MinuteLogs): Float32Array {
    if (values.length !== this.plan.metrics) {
      throw new QuarterdeckError(
        'DATA_WIDTH_MISMATCH',
        `${values.length} readings for ${this.plan.metrics} metrics`,
      );
    }
    const features = new Float32Array(this.plan.width);
    this.pushInto(minute, values, 0, logs, features, 0);
    return features;
  }

  /** As `push`, reading at an offset and writing at an offset: nothing is allocated. */
  pushInto(
    minute: number,
    values: ArrayLike<number>,
    valuesOffset: number,
    logs: MinuteLogs | undefined,
    target: Float32Array,
    targetOffset: number,
  ): void {
    if (!Number.isSafeInteger(minute)) {
      throw new QuarterdeckError('PARAMETER_INVALID', `${minute} is not a whole minute since 1970`, {
        culprit: { option: 'minute' },
      });
    }
    const { newest } = this;
    if (newest !== undefined && minute <= newest) {
      this.checkLate(minute, newest);
      const late = Float64Array.from(
        { length: this.plan.metrics },
        (_, metric) => values[valuesOffset + metric]!,
      );
      this.recent.amend(minute, newest, late);
      if (logs) this.logs.set(minute, logs);
    } else {
      this.skipTo(minute);
      this.recent.append(minute, values, valuesOffset);
      this.logs.set(minute, logs);
      this.newest = minute;
    }
    this.writeFeatures(minute, target, targetOffset);
  }

  /**
   * Features of a minute up to `lateMinutes` old, from what is known now.
   * @throws OBSERVATION_LATE when it is older; NOT_FOUND when it has not come yet.
   */
  featuresAt(minute: number): Float32Array {
    const { newest } = this;
    if (newest === undefined || minute > newest || !Number.isSafeInteger(minute)) {
      throw new QuarterdeckError('NOT_FOUND', `minute ${minute} was not pushed yet`);
    }
    this.checkLate(minute, newest);
    const features = new Float32Array(this.plan.width);
    this.writeFeatures(minute, features, 0);
    return features;
  }

  /** The whole state, for a process that goes on with it. */
  toBytes(): Uint8Array {
    const { capacity, readings, values } = this.recent;
    const { newest } = this;
    const logs =
      newest === undefined
        ? []
        : Array.from({ length: capacity }, (_, age) => this.logs.get(newest - age) ?? null);
    return encodeModel(stateKind, stateVersion, {
      parameters: { featureSetId: this.set.id, newest: newest ?? null, logs },
      arrays: { readings, values },
    });
  }

  /** @throws MODEL_BYTES_INVALID when the bytes are no state of a window of this feature set. */
  static fromBytes(set: FeatureSet, bytes: Uint8Array): FeatureWindow {
    const { parameters, arrays } = decodeModel(stateKind, stateVersion, bytes);
    const window = new FeatureWindow(set);
    const { readings, values } = arrays;
    if (
      parameters.featureSetId !== set.id ||
      readings?.length !== window.recent.readings.length ||
      values?.length !== window.recent.values.length
    ) {
      throw new QuarterdeckError('MODEL_BYTES_INVALID', `the state is not one of feature set ${set.id}`);
    }
    window.recent.readings.set(readings);
    window.recent.values.set(values);
    const newest = parameters.newest as number | null;
    if (newest !== null) {
      window.newest = newest;
      for (const [age, logs] of (parameters.logs as (MinuteLogs | null)[]).entries()) {
        window.logs.set(newest - age, logs ?? undefined);
      }
    }
    return window;
  }

  private skipTo(minute: number): void {
    const { newest } = this;
    if (newest === undefined) return;
    if (minute - newest > this.recent.capacity) {
      // Nothing that is held is seen from there.
      this.recent.clear();
      this.logs.clear();
      return;
    }
    for (let between = newest + 1; between < minute; between++) {
      this.recent.append(between);
      this.logs.set(between, undefined);
    }
  }

  private checkLate(minute: number, newest: number): void {
    if (newest - minute <= lateMinutes) return;
    throw new QuarterdeckError(
      'OBSERVATION_LATE',
      `minute ${minute} is ${newest - minute} minutes behind the newest, more than ${lateMinutes}`,
      { culprit: { minute, newest } },
    );
  }

  private writeFeatures(minute: number, target: Float32Array, offset: number): void {
    this.metricFeatures.write(this.recent, minute, target, offset);
    this.logs.write(this.plan.logs, minute, target, offset);
    for (const { column, function: feature } of this.plan.calendar) {
      target[offset + column] = this.calendar.valueOf(feature, minute);
    }
  }
}
