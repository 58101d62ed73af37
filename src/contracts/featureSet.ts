import { z } from 'zod';
import { metricKindSchema, metricNameSchema } from './observation';

/**
 * Features of an instance and a minute, defined as data: the warehouse's SQL and the windows in memory are both
 * made from the same definitions. docs/features.md says what each function means.
 */

/** Minutes that a reading stands for the minutes after it when none follows; then the metric is missing. */
export const carryMinutes = 5;
/** Readings beyond this count as missing: their squares would still fit a float, those of larger ones would not. */
export const largestReading = 1e30;

/** Present minutes that a window needs, or its statistics are missing. */
export function requiredMinutes(windowMinutes: number): number {
  return Math.ceil(windowMinutes / 3);
}
/** Two points always lie on a line: a correlation needs at least this many. */
export const leastCorrelatedMinutes = 5;

export const metricFunctions = [
  /** Level of a gauge, increment of a counter in this minute. */
  'value',
  'mean',
  /** Of the population: divided by the number of present minutes. */
  'std',
  'min',
  'max',
  /** Sum of a counter's increments. */
  'increase',
  /** Increase per second of present minutes. */
  'rate',
  /** The value `windowMinutes` ago. */
  'lag',
  /** Change of the value per minute since `windowMinutes` ago. */
  'change',
] as const;
export const pairFunctions = ['ratio', 'correlation'] as const;
export const logFunctions = [
  'log_count',
  'error_count',
  'warning_count',
  'new_templates',
  /** Shannon entropy of the templates' shares, in bits. */
  'template_entropy',
  'template_count',
] as const;
export const calendarFunctions = [
  'hour_of_day',
  'day_of_week',
  'is_weekend',
  'is_business_hours',
  'hour_of_day_sin',
  'hour_of_day_cos',
  'day_of_week_sin',
  'day_of_week_cos',
] as const;

export const featureFunctionSchema = z.enum([
  ...metricFunctions,
  ...pairFunctions,
  ...logFunctions,
  ...calendarFunctions,
]);
export type FeatureFunction = z.infer<typeof featureFunctionSchema>;
export type MetricFunction = (typeof metricFunctions)[number];
export type PairFunction = (typeof pairFunctions)[number];
export type LogFunction = (typeof logFunctions)[number];
export type CalendarFunction = (typeof calendarFunctions)[number];

/** Longest window or lag: what an instance's state holds, and how far the SQL looks back. */
export const longestWindowMinutes = 240;

export const metricDeclarationSchema = z.strictObject({
  name: metricNameSchema,
  kind: metricKindSchema,
  /** A series without it is not worth training on. */
  critical: z.boolean().optional(),
  /** Readings outside [minimum, maximum] are refused by the validation. */
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
export type MetricDeclaration = z.infer<typeof metricDeclarationSchema>;

export const featureDefinitionSchema = z.strictObject({
  name: z.string().min(1).max(500),
  /** Names of metrics, or the id of a log template. */
  inputs: z.array(z.string()).readonly(),
  windowMinutes: z.number().int().min(0).max(longestWindowMinutes),
  function: featureFunctionSchema,
  unit: z.string(),
});
export type FeatureDefinition = z.infer<typeof featureDefinitionSchema>;

/** Hours of the local day, [from, to), Monday to Friday. */
export const businessHoursSchema = z
  .strictObject({
    from: z.number().int().min(0).max(23),
    to: z.number().int().min(1).max(24),
  })
  .refine(({ from, to }) => from < to, 'expected hours that end after they begin');
export type BusinessHours = z.infer<typeof businessHoursSchema>;

export const featureSetSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Digest of all the rest: equal ids mean equal features. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
  metrics: z.array(metricDeclarationSchema).readonly(),
  definitions: z.array(featureDefinitionSchema).readonly(),
  /** IANA name of the zone of the calendar features. */
  timeZone: z.string(),
  businessHours: businessHoursSchema,
});

export interface FeatureSet extends Omit<z.infer<typeof featureSetSchema>, 'formatVersion'> {
  /** Names of the definitions, in order: the columns. */
  readonly names: readonly string[];
}
