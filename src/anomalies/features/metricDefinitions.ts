import type { FeatureDefinition, MetricDeclaration } from '../../contracts';

/** Minutes of the windows of statistics, as the design fixes them. */
export const windowMinutes = 15;
export const lagMinutes = [1, 5, 15] as const;

/** What is computed of one metric alone: eleven features of a gauge, twelve of a counter. */
export function metricDefinitions({ name, kind }: MetricDeclaration): FeatureDefinition[] {
  const define = (
    suffix: string,
    definition: Pick<FeatureDefinition, 'function' | 'windowMinutes'> & { unit?: string },
  ): FeatureDefinition => ({
    name: `${name}__${suffix}`,
    inputs: [name],
    windowMinutes: definition.windowMinutes,
    function: definition.function,
    unit: definition.unit ?? 'value',
  });
  const perMinute = 'value/min';
  const over = `${windowMinutes}m`;
  return [
    kind === 'gauge'
      ? define('value', { function: 'value', windowMinutes: 1 })
      : define('increase_1m', { function: 'value', windowMinutes: 1 }),
    ...(kind === 'gauge'
      ? [define(`mean_${over}`, { function: 'mean', windowMinutes })]
      : [
          define(`increase_${over}`, { function: 'increase', windowMinutes }),
          define(`rate_${over}`, { function: 'rate', windowMinutes, unit: 'value/s' }),
        ]),
    define(`std_${over}`, { function: 'std', windowMinutes }),
    define(`min_${over}`, { function: 'min', windowMinutes }),
    define(`max_${over}`, { function: 'max', windowMinutes }),
    ...lagMinutes.map((minutes) => define(`lag_${minutes}m`, { function: 'lag', windowMinutes: minutes })),
    ...lagMinutes.map((minutes) =>
      define(`change_${minutes}m`, { function: 'change', windowMinutes: minutes, unit: perMinute }),
    ),
  ];
}

/** The first metric's value over the second's, this minute. */
export function ratioDefinition([numerator, denominator]: readonly [string, string]): FeatureDefinition {
  return {
    name: `${numerator}__per__${denominator}`,
    inputs: [numerator, denominator],
    windowMinutes: 1,
    function: 'ratio',
    unit: '1',
  };
}

/** Pearson's correlation of two metrics over the window. */
export function correlationDefinition([one, other]: readonly [string, string]): FeatureDefinition {
  return {
    name: `${one}__correlation_${windowMinutes}m__${other}`,
    inputs: [one, other],
    windowMinutes,
    function: 'correlation',
    unit: '1',
  };
}
