import { z } from 'zod';
import { QuarterdeckError } from '../../contracts';

/**
 * Every setting: its environment variable, schema and default. `readSettings` checks all of them at once and
 * names each bad or missing variable.
 */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const integer = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);
const share = z.coerce.number().min(0).max(1);
const milliseconds = integer(1, 86_400_000);
const text = z.string().min(1);

export const variables = {
  QUARTERDECK_DATA_DIR: text.default('.quarterdeck'),
  QUARTERDECK_WAREHOUSE: z.enum(['duckdb', 'bigquery']).default('duckdb'),
  QUARTERDECK_DUCKDB_FILE: text.optional(),
  QUARTERDECK_TABLE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_]*$/)
    .default(''),
  QUARTERDECK_INCIDENTS_TABLE: text.default('incidents'),
  QUARTERDECK_MAX_THREADS: integer(1, 64).default(2),
  QUARTERDECK_LOG_LEVEL: z.enum(['debug', 'info', 'warning', 'error', 'silent']).default('info'),

  BIGQUERY_PROJECT: text.optional(),
  BIGQUERY_DATASET: text.default('quarterdeck'),
  BIGQUERY_LOCATION: text.default('EU'),
  BIGQUERY_API_ENDPOINT: z.url().optional(),
  BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE: text.optional(),
  BIGQUERY_SERVICE_ACCOUNT: text.optional(),
  BIGQUERY_KEY_FILE: text.optional(),

  AzureWebJobsStorage: text.optional(),
  AzureWebJobsStorage__accountName: text.optional(),
  AzureWebJobsStorage__clientId: text.optional(),
  AzureWebJobsStorage__blobServiceUri: z.url().optional(),
  AzureWebJobsStorage__queueServiceUri: z.url().optional(),
  QUARTERDECK_ARTIFACTS_CONTAINER: text.default('prediction-artifacts'),

  KEY_VAULT_URI: z.url().optional(),
  AZURE_CLIENT_ID: text.optional(),
  APPLICATIONINSIGHTS_CONNECTION_STRING: text.optional(),

  EMBEDDING_PROVIDER: z.enum(['local', 'azure-openai', 'openai-compatible', 'onnx']).default('local'),
  EMBEDDING_ENDPOINT: z.url().optional(),
  EMBEDDING_MODEL: text.default('text-embedding-3-small'),
  EMBEDDING_WIDTH: integer(2, 4096).default(1536),
  EMBEDDING_KEY_SECRET: text.optional(),
  EMBEDDING_ONNX_FOLDER: text.optional(),
  EMBEDDING_WEIGHT_ENTITY: share.default(0),
  EMBEDDING_WEIGHT_ACTION: share.default(0),
  EMBEDDING_WEIGHT_SEMANTIC: share.default(1),

  LANGUAGE_MODEL_PROVIDER: z.enum(['none', 'azure-openai', 'openai-compatible']).default('none'),
  LANGUAGE_MODEL_ENDPOINT: z.url().optional(),
  LANGUAGE_MODEL_NAME: text.optional(),
  LANGUAGE_MODEL_KEY_SECRET: text.optional(),

  PREPROCESS_SCHEDULE: text.default('0 0 * * * *'),
  PREPROCESS_PAGE_SIZE: integer(1, 10_000).default(500),
  PREPROCESS_OVERLAP_MINUTES: integer(0, 10_080).default(120),
  PREPROCESS_ATTEMPTS: integer(1, 10).default(3),
  PREPROCESS_DEADLINE_MS: milliseconds.default(540_000),
  PREPROCESS_QUARANTINE_SHARE: share.default(0.01),
  PREPROCESS_SUMMARY_TOKENS: integer(16, 4_096).default(256),
  PREPROCESS_LANGUAGE_MODEL_SUMMARY: flag.default(false),

  PREDICT_SCHEDULE: text.default('0 0 */2 * * *'),
  PREDICT_PAGE_SIZE: integer(1, 20_000).default(2_000),
  /** Which rows a version predicts: those since its training window began, or all there are. */
  PREDICT_HISTORY: z.enum(['training-window', 'all']).default('training-window'),
  PREDICT_DEADLINE_MS: milliseconds.default(540_000),

  TRAIN_SEED: integer(0, 4_294_967_295).default(42),
  TRAIN_MAX_WORKERS: integer(1, 64).default(4),
  TRAIN_MINIMUM_ROWS: integer(10, 1_000_000).default(50),
  TRAIN_OVERDUE_DAYS: integer(1, 1_000).default(100),
  GATE_MAXIMUM_NOISE: share.default(0.5),
  GATE_TOLERANCE: share.default(0.05),
} as const;

type Raw = { [Name in keyof typeof variables]: z.output<(typeof variables)[Name]> };
export type VariableName = keyof typeof variables;
export type Settings = Readonly<Raw>;

/**
 * @param environment usually `process.env`; an empty string counts as not set.
 * @throws SETTINGS_INVALID naming every bad variable at once.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const problems: string[] = [];
  const result: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(variables)) {
    const given = environment[name];
    const parsed = schema.safeParse(given === '' ? undefined : given);
    if (parsed.success) result[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`);
  }
  if (problems.length > 0) {
    throw new QuarterdeckError('SETTINGS_INVALID', `bad settings: ${problems.join(' | ')}`, {
      culprit: { setting: problems.map((problem) => problem.slice(0, problem.indexOf(':'))).join(', ') },
    });
  }
  return result as Raw;
}
