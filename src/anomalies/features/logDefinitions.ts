import type { FeatureDefinition, LogFunction } from '../../contracts';
import { windowMinutes } from './metricDefinitions';

const counted = ['log_count', 'error_count', 'warning_count', 'new_templates'] as const;

/**
 * Counts of log records by level, of templates never seen before, and how mixed the templates are.
 * @param templates ids of the templates that get a count of their own.
 */
export function logDefinitions(templates: readonly string[]): FeatureDefinition[] {
  const define = (name: string, feature: LogFunction, minutes: number, unit: string): FeatureDefinition => ({
    name,
    inputs: [],
    windowMinutes: minutes,
    function: feature,
    unit,
  });
  return [
    ...counted.flatMap((feature) => [
      define(feature, feature, 1, 'records'),
      define(`${feature}_${windowMinutes}m`, feature, windowMinutes, 'records'),
    ]),
    define(`template_entropy_${windowMinutes}m`, 'template_entropy', windowMinutes, 'bit'),
    ...templates.map((template) => ({
      ...define(`template_${template}__count_${windowMinutes}m`, 'template_count', windowMinutes, 'records'),
      inputs: [template],
    })),
  ];
}
