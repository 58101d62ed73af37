import { createHash } from 'node:crypto';
import {
  Calendar,
  featureSetSchema,
  QuarterdeckError,
  type BusinessHours,
  type FeatureDefinition,
  type FeatureSet,
  type MetricDeclaration,
} from '../../contracts';
import { calendarDefinitions } from './calendarDefinitions';
import { logDefinitions } from './logDefinitions';
import { correlationDefinition, metricDefinitions, ratioDefinition } from './metricDefinitions';
import { planOf } from './plan';

export interface FeatureSetOptions {
  /** Counts and entropy of log records; implied by `templates`. */
  readonly logs?: boolean;
  /** Ids of the log templates that get a count of their own. */
  readonly templates?: readonly string[];
  /** Pairs of metrics: the first over the second. */
  readonly ratios?: readonly (readonly [string, string])[];
  readonly correlations?: readonly (readonly [string, string])[];
  /** IANA name; UTC when left out. */
  readonly timeZone?: string;
  readonly businessHours?: BusinessHours;
}

export const defaultBusinessHours: BusinessHours = { from: 9, to: 17 };

/**
 * The features of instances that report `metrics`; 426 for 38 gauges.
 * @throws PARAMETER_INVALID for a metric or feature named twice, an unknown metric in a pair, an unknown time zone.
 */
export function featureSetFor(
  metrics: readonly MetricDeclaration[],
  options: FeatureSetOptions = {},
): FeatureSet {
  const { templates = [], ratios = [], correlations = [] } = options;
  const logs = options.logs === true || templates.length > 0;
  if (metrics.length === 0 && !logs) throw invalid('metrics', 'no metrics and no logs: nothing to compute');
  const known = new Set(metrics.map(({ name }) => name));
  if (known.size !== metrics.length) throw invalid('metrics', 'a metric is declared twice');
  for (const { name, minimum = -Infinity, maximum = Infinity } of metrics) {
    if (!(minimum <= maximum))
      throw invalid('metrics', `${name}: its minimum is above its maximum, or no number`);
  }
  for (const name of [...ratios, ...correlations].flat()) {
    if (!known.has(name)) throw invalid('pairs', `no metric is called ${JSON.stringify(name)}`);
  }
  return assemble({
    metrics,
    definitions: [
      ...metrics.flatMap(metricDefinitions),
      ...ratios.map(ratioDefinition),
      ...correlations.map(correlationDefinition),
      ...(logs ? logDefinitions(templates) : []),
      ...calendarDefinitions(),
    ],
    timeZone: options.timeZone ?? 'UTC',
    businessHours: options.businessHours ?? defaultBusinessHours,
  });
}

function assemble(parts: Omit<FeatureSet, 'id' | 'names'>): FeatureSet {
  const { metrics, definitions, timeZone, businessHours } = parts;
  const names = definitions.map(({ name }) => name);
  if (new Set(names).size !== names.length) {
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    throw invalid('definitions', `two features are called ${JSON.stringify(twice)}`);
  }
  // Both refuse what cannot be computed.
  void new Calendar(timeZone, businessHours);
  void planOf(parts);
  const content = {
    metrics: metrics.map(canonicalMetric),
    definitions: definitions.map(canonicalDefinition),
    timeZone,
    businessHours: { from: businessHours.from, to: businessHours.to },
  };
  const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
  return { id, ...content, names };
}

/** Properties in one order, so that equal sets have equal digests. */
function canonicalMetric({ name, kind, critical, minimum, maximum }: MetricDeclaration): MetricDeclaration {
  return {
    name,
    kind,
    ...(critical !== undefined && { critical }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

function canonicalDefinition(definition: FeatureDefinition): FeatureDefinition {
  const { name, inputs, windowMinutes, unit } = definition;
  return { name, inputs: [...inputs], windowMinutes, function: definition.function, unit };
}

/** JSON in UTF-8, for `features/features.json` of a model version. */
export function encodeFeatureSet(set: FeatureSet): Uint8Array {
  const { id, metrics, definitions, timeZone, businessHours } = set;
  const content = { formatVersion: 1, id, metrics, definitions, timeZone, businessHours };
  return new TextEncoder().encode(`${JSON.stringify(content, null, 2)}\n`);
}

/** @throws MODEL_BYTES_INVALID when the bytes are no feature set, or were changed after it got its id. */
export function decodeFeatureSet(bytes: Uint8Array): FeatureSet {
  const refused = (why: string, cause?: unknown): QuarterdeckError =>
    new QuarterdeckError('MODEL_BYTES_INVALID', `not a feature set: ${why}`, { cause });
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refused('it is not JSON', error);
  }
  const parsed = featureSetSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refused(`${issue?.path.join('.')}: ${issue?.message}`, parsed.error);
  }
  const { id, ...parts } = parsed.data;
  const set = assemble(parts);
  if (set.id !== id) throw refused('its id is not the digest of its content');
  return set;
}

function invalid(option: string, why: string): QuarterdeckError {
  return new QuarterdeckError('PARAMETER_INVALID', why, { culprit: { option } });
}
