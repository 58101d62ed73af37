import {
  calendarFunctions,
  leastCorrelatedMinutes,
  logFunctions,
  QuarterdeckError,
  requiredMinutes,
  type CalendarFunction,
  type FeatureDefinition,
  type FeatureSet,
  type LogFunction,
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

/** Definitions sorted by what is computed together, names resolved to indexes of metrics and columns. */
export interface Plan {
  readonly metrics: number;
  readonly width: number;
  /** 1 for a counter. */
  readonly counters: Uint8Array;
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
  const indexes = new Map(metrics.map(({ name }, index) => [name, index]));
  const plan = {
    values: [] as Plan['values'][number][],
    windows: new Map<string, WindowStatistics>(),
    lags: [] as Plan['lags'][number][],
    changes: [] as Plan['changes'][number][],
    ratios: [] as Plan['ratios'][number][],
    correlations: [] as Plan['correlations'][number][],
    logs: [] as Plan['logs'][number][],
    calendar: [] as Plan['calendar'][number][],
  };
  let lookback = 0;
  definitions.forEach((definition, column) => {
    const { windowMinutes: minutes, inputs } = definition;
    const metricAt = (position: number): number => {
      const index = indexes.get(inputs[position] ?? '');
      if (index === undefined) throw invalid(definition, `input ${position} is no metric of the set`);
      return index;
    };
    const isCalendar = (calendarFunctions as readonly string[]).includes(definition.function);
    if (minutes < 1 && !isCalendar) throw invalid(definition, 'its window is shorter than a minute');
    const isLog = (logFunctions as readonly string[]).includes(definition.function);
    switch (definition.function) {
      case 'value':
        plan.values.push({ column, metric: metricAt(0) });
        break;
      case 'mean':
      case 'std':
      case 'min':
      case 'max':
      case 'increase':
      case 'rate': {
        const metric = metricAt(0);
        const ofCounters = definition.function === 'increase' || definition.function === 'rate';
        if (ofCounters && metrics[metric]!.kind !== 'counter')
          throw invalid(definition, 'its input is no counter');
        const key = `${metric}:${minutes}`;
        let group = plan.windows.get(key);
        if (!group) {
          group = { metric, minutes, required: requiredMinutes(minutes), ...nothingAsked };
          plan.windows.set(key, group);
        }
        if (group[definition.function] !== unused) throw invalid(definition, 'it is defined twice');
        group[definition.function] = column;
        lookback = Math.max(lookback, minutes - 1);
        break;
      }
      case 'lag':
        plan.lags.push({ column, metric: metricAt(0), minutes });
        lookback = Math.max(lookback, minutes);
        break;
      case 'change':
        plan.changes.push({ column, metric: metricAt(0), minutes });
        lookback = Math.max(lookback, minutes);
        break;
      case 'ratio':
        plan.ratios.push({ column, numerator: metricAt(0), denominator: metricAt(1) });
        break;
      case 'correlation': {
        const required = Math.max(leastCorrelatedMinutes, requiredMinutes(minutes));
        plan.correlations.push({ column, one: metricAt(0), other: metricAt(1), minutes, required });
        lookback = Math.max(lookback, minutes - 1);
        break;
      }
      default:
        if (isLog) {
          if (definition.function === 'template_count' && inputs.length !== 1)
            throw invalid(definition, 'it needs one template');
          plan.logs.push({
            column,
            function: definition.function as LogFunction,
            minutes,
            template: inputs[0] ?? '',
          });
          lookback = Math.max(lookback, minutes - 1);
        } else plan.calendar.push({ column, function: definition.function as CalendarFunction });
    }
  });
  return {
    ...plan,
    windows: [...plan.windows.values()],
    metrics: metrics.length,
    width: definitions.length,
    counters: Uint8Array.from(metrics, ({ kind }) => (kind === 'counter' ? 1 : 0)),
    lookback,
  };
}

const nothingAsked = { mean: unused, std: unused, min: unused, max: unused, increase: unused, rate: unused };

function invalid({ name }: FeatureDefinition, why: string): QuarterdeckError {
  return new QuarterdeckError('PARAMETER_INVALID', `feature ${name}: ${why}`, {
    culprit: { option: 'definitions', column: name },
  });
}
