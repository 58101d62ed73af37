import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';

/** Sources as the setting INGEST_SOURCES lists them: as JSON, or as the path of a file with that JSON. */

const name = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?$/, 'expected lower-case letters, digits and dashes');
const address = z.url({ protocol: /^https?$/ });

const azureMonitorLogs = z.strictObject({
  type: z.literal('azure-monitor-logs'),
  name,
  kind: z.enum(['metrics', 'logs']).default('logs'),
  workspaceId: z.string().min(1),
  /** KQL without a limit of time or rows: both are added. */
  query: z.string().min(1).max(20_000),
  endpoint: address.optional(),
});
const cloudWatchLogs = z.strictObject({
  type: z.literal('cloudwatch-logs'),
  name,
  region: z.string().min(1),
  logGroup: z.string().min(1),
  filterPattern: z.string().optional(),
  endpoint: address.optional(),
});
const cloudWatchMetrics = z.strictObject({
  type: z.literal('cloudwatch-metrics'),
  name,
  region: z.string().min(1),
  periodSeconds: z.number().int().min(1).max(86_400).default(60),
  metrics: z
    .array(
      z.strictObject({
        namespace: z.string().min(1),
        metric: z.string().min(1),
        dimensions: z.record(z.string(), z.string()).default({}),
        statistic: z.string().min(1).default('Average'),
      }),
    )
    .min(1)
    .max(5_000),
  endpoint: address.optional(),
});
const sourceSchema = z.discriminatedUnion('type', [azureMonitorLogs, cloudWatchLogs, cloudWatchMetrics]);
const sourcesSchema = z
  .array(sourceSchema)
  .max(200)
  .refine((sources) => new Set(sources.map((source) => source.name)).size === sources.length, {
    error: 'two sources have the same name',
  });

export type SourceSettings = z.output<typeof sourceSchema>;
export type AzureMonitorLogsSettings = z.output<typeof azureMonitorLogs>;
export type CloudWatchLogsSettings = z.output<typeof cloudWatchLogs>;
export type CloudWatchMetricsSettings = z.output<typeof cloudWatchMetrics>;

/** @throws SETTINGS_INVALID saying what does not fit. */
export function readSources(setting: string | undefined): readonly SourceSettings[] {
  if (setting === undefined) return [];
  const text = setting.trim().startsWith('[') ? setting : fileText(setting);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid('it is not JSON', error);
  }
  const parsed = sourcesSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the list'}: ${message}`,
  );
  throw invalid(problems.slice(0, 10).join('; '), parsed.error);
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw invalid('it is neither a JSON list nor a file that can be read', error);
  }
}

function invalid(why: string, cause: unknown): QuarterdeckError {
  return new QuarterdeckError('SETTINGS_INVALID', `INGEST_SOURCES: ${why}`, {
    culprit: { setting: 'INGEST_SOURCES' },
    cause,
  });
}
