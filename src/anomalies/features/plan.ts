import {
  calendarFunctions,
  largestReading,
  leastCorrelatedMinutes,
  logFunctions,
  pairFunctions,
  QuarterdeckError,
  requiredMinutes,
  type CalendarFunction,
  type FeatureDefinition,
  type FeatureSet,
  type LogFunction,
  type MetricDeclaration,
  type MetricFunction,
} from '../../contracts';

/** Column of a statistic that nobody asks for. */
export const unused = -1;

/** Statistics of one metric over one window, with the column each one goes to. */
export interface WindowStatistics {
  readonly metric: number;
  readonly minutes: number;
  readonly required: number;
  mean: number;
  std: number;
  min: number;
  max: number;
  increase: number;
  rate: number;
}

interface Column {
  readonly column: number;
}

/** Smallest and largest usable reading per metric: as declared, and small enough for sums of squares. */
export interface ReadingBounds {
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** Definitions sorted by what is computed together, names resolved to indexes of metrics and columns. */
export interface Plan {
  readonly metrics: number;
  readonly width: number;
  /** 1 for a counter. */
  readonly counters: Uint8Array;
  readonly bounds: ReadingBounds;
  /** Minutes before the current one that some feature looks at. */
  readonly lookback: number;
  readonly values: readonly (Column & { metric: number })[];
  readonly windows: readonly WindowStatistics[];
  readonly lags: readonly (Column & { metric: number; minutes: number })[];
  readonly changes: readonly (Column & { metric: number; minutes: number })[];
  readonly ratios: readonly (Column & { numerator: number; denominator: number })[];
  readonly correlations: readonly (Column & {
    one: number;
    other: number;
    minutes: number;
    required: number;
  })[];
  readonly logs: readonly (Column & { function: LogFunction; minutes: number; template: string })[];
  readonly calendar: readonly (Column & { function: CalendarFunction })[];
}

/** @throws PARAMETER_INVALID for a definition with an unknown metric, too few inputs or an impossible window. */
export function planOf({ metrics, definitions }: Pick<FeatureSet, 'metrics' | 'definitions'>): Plan {
  const builder = new PlanBuilder(metrics);
  definitions.forEach((definition, column) => builder.add(definition, column));
  return builder.plan(definitions.length);
}

type Mutable<List> = List extends readonly (infer Entry)[] ? Entry[] : never;
const nothingAsked = { mean: unused, std: unused, min: unused, max: unused, increase: unused, rate: unused };

class PlanBuilder {
  private readonly indexes: ReadonlyMap<string, number>;
  private readonly windows = new Map<string, WindowStatistics>();
  private readonly values: Mutable<Plan['values']> = [];
  private readonly lags: Mutable<Plan['lags']> = [];
  private readonly changes: Mutable<Plan['changes']> = [];
  private readonly ratios: Mutable<Plan['ratios']> = [];
  private readonly correlations: Mutable<Plan['correlations']> = [];
  private readonly logs: Mutable<Plan['logs']> = [];
  private readonly calendar: Mutable<Plan['calendar']> = [];
  private lookback = 0;

  constructor(private readonly metrics: readonly MetricDeclaration[]) {
    this.indexes = new Map(metrics.map(({ name }, index) => [name, index]));
  }

  add(definition: FeatureDefinition, column: number): void {
    const { function: feature, windowMinutes: minutes, inputs } = definition;
    if (isOneOf(calendarFunctions, feature)) {
      this.calendar.push({ column, function: feature });
      return;
    }
    if (minutes < 1) throw invalid(definition, 'its window is shorter than a minute');
    const seesItself = feature === 'lag' || feature === 'change';
    this.lookback = Math.max(this.lookback, seesItself ? minutes : minutes - 1);
    if (isOneOf(logFunctions, feature)) {
      if (inputs.length !== (feature === 'template_count' ? 1 : 0)) {
        throw invalid(definition, 'it takes one template when it counts that, and no input otherwise');
      }
      this.logs.push({ column, function: feature, minutes, template: inputs[0] ?? '' });
    } else if (isOneOf(pairFunctions, feature)) {
      const [one, other] = [this.input(definition, 0), this.input(definition, 1)];
      if (feature === 'ratio') this.ratios.push({ column, numerator: one, denominator: other });
      else {
        const required = Math.max(leastCorrelatedMinutes, requiredMinutes(minutes));
        this.correlations.push({ column, one, other, minutes, required });
      }
    } else this.addMetric(definition, feature, column);
  }

  plan(width: number): Plan {
    const { values, lags, changes, ratios, correlations, logs, calendar, lookback } = this;
    return {
      metrics: this.metrics.length,
      width,
      counters: Uint8Array.from(this.metrics, ({ kind }) => (kind === 'counter' ? 1 : 0)),
      bounds: {
        least: Float64Array.from(this.metrics, ({ minimum }) =>
          Math.max(minimum ?? -Infinity, -largestReading),
        ),
        most: Float64Array.from(this.metrics, ({ maximum }) => Math.min(maximum ?? Infinity, largestReading)),
      },
      lookback,
      windows: [...this.windows.values()],
      values,
      lags,
      changes,
      ratios,
      correlations,
      logs,
      calendar,
    };
  }

  private addMetric(definition: FeatureDefinition, feature: MetricFunction, column: number): void {
    const { windowMinutes: minutes } = definition;
    const metric = this.input(definition, 0);
    switch (feature) {
      case 'value':
        this.values.push({ column, metric });
        break;
      case 'lag':
        this.lags.push({ column, metric, minutes });
        break;
      case 'change':
        this.changes.push({ column, metric, minutes });
        break;
      case 'increase':
      case 'rate':
        if (this.metrics[metric]!.kind !== 'counter') throw invalid(definition, 'its input is no counter');
        this.window(metric, minutes)[feature] = column;
        break;
      case 'mean':
      case 'std':
      case 'min':
      case 'max':
        this.window(metric, minutes)[feature] = column;
        break;
    }
  }

  private window(metric: number, minutes: number): WindowStatistics {
    const key = `${metric}:${minutes}`;
    const known = this.windows.get(key);
    if (known) return known;
    const group = { metric, minutes, required: requiredMinutes(minutes), ...nothingAsked };
    this.windows.set(key, group);
    return group;
  }

  private input(definition: FeatureDefinition, position: number): number {
    const index = this.indexes.get(definition.inputs[position] ?? '');
    if (index === undefined) throw invalid(definition, `input ${position} is no metric of the set`);
    return index;
  }
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

function invalid({ name }: FeatureDefinition, why: string): QuarterdeckError {
  return new QuarterdeckError('PARAMETER_INVALID', `feature ${name}: ${why}`, {
    culprit: { option: 'definitions', column: name },
  });
}
