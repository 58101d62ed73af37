import { z } from 'zod';
import { businessHoursSchema } from '../../contracts';

/**
 * Every setting: its environment variable, schema, default, and what it is for. docs/settings.md is this table; a
 * test holds the two together.
 */
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const integer = (minimum: number, maximum: number) => z.coerce.number().int().min(minimum).max(maximum);
const share = z.coerce.number().min(0).max(1);
const milliseconds = integer(1, 86_400_000);
const text = z.string().min(1);
/** Name of a secret, as Key Vault allows; a key pasted here by mistake mostly does not fit. */
const secretName = z
  .string()
  .regex(/^(?!sk-)[A-Za-z0-9][A-Za-z0-9_-]{0,126}$/, 'expected the name of a secret, not the secret itself');
const webAddress = z.url({ protocol: /^https?$/, message: 'expected an http or https address' });

const businessHours = z
  .string()
  .regex(/^\d{1,2}-\d{1,2}$/, 'expected two hours such as 9-17')
  .transform((hours) => {
    const [from, to] = hours.split('-').map(Number);
    return { from: from!, to: to! };
  })
  .pipe(businessHoursSchema);

const containerName = z
  .string()
  .regex(/^[a-z0-9](?:-?[a-z0-9]){2,62}$/, 'expected 3 to 63 lower-case letters, digits and single dashes');

export const variables = {
  QUARTERDECK_DATA_DIR: text.default('.quarterdeck').describe('Folder of everything kept on one machine'),
  QUARTERDECK_WAREHOUSE: z.enum(['duckdb', 'bigquery']).default('duckdb').describe('Engine of the tables'),
  QUARTERDECK_DUCKDB_FILE: text
    .optional()
    .describe('The DuckDB file; `warehouse.duckdb` in the data folder when not set'),
  QUARTERDECK_DUCKDB_MEMORY: z
    .string()
    .regex(/^[1-9]\d*(?:MiB|GiB)$/, 'expected a whole number of MiB or GiB, such as 1GiB')
    .default('1GiB')
    .describe('Memory of DuckDB, above which it spills to disk'),
  QUARTERDECK_TABLE_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_]*$/, 'expected letters, digits and underscores')
    .default('')
    .describe('Put before the name of every table of ours'),
  QUARTERDECK_INCIDENTS_TABLE: text.default('incidents').describe('The source table of tickets'),
  QUARTERDECK_MAX_THREADS: integer(1, 64).default(2).describe('Worker threads for numeric work'),
  QUARTERDECK_LOG_LEVEL: z
    .enum(['debug', 'info', 'warning', 'error', 'silent'])
    .default('info')
    .describe('Least severe event on the console; metrics and spans are `debug`'),

  BIGQUERY_PROJECT: text.optional().describe('Project of the dataset; needed with `bigquery`'),
  BIGQUERY_DATASET: text.default('quarterdeck').describe('Dataset of the tables'),
  BIGQUERY_LOCATION: text.default('EU').describe('Location of the dataset'),
  BIGQUERY_API_ENDPOINT: webAddress
    .optional()
    .describe('Another address of the REST API, such as an emulator'),
  BIGQUERY_WORKLOAD_IDENTITY_AUDIENCE: text
    .optional()
    .describe("Audience of the workload identity provider that trusts the app's managed identity"),
  BIGQUERY_SERVICE_ACCOUNT: text.optional().describe('Service account to act as through workload identity'),
  BIGQUERY_SUBJECT_TOKEN_SCOPE: text
    .default('api://AzureADTokenExchange/.default')
    .describe("Scope of the Entra token that workload identity exchanges: the provider's allowed audience"),
  BIGQUERY_KEY_FILE: text
    .optional()
    .describe('A service account key file; only where federation is not possible'),

  AzureWebJobsStorage: text
    .optional()
    .describe('Connection string of the storage account of blobs and queues'),
  AzureWebJobsStorage__accountName: text
    .optional()
    .describe("Its name instead, reached with the app's identity"),
  AzureWebJobsStorage__clientId: text.optional().describe('User-assigned identity for storage'),
  AzureWebJobsStorage__blobServiceUri: webAddress
    .optional()
    .describe('Address of the blob service instead of the account name'),
  AzureWebJobsStorage__queueServiceUri: webAddress
    .optional()
    .describe('Address of the queue service instead of the account name'),
  QUARTERDECK_ARTIFACTS_CONTAINER: containerName
    .default('prediction-artifacts')
    .describe('Container of models and archived predictions'),
  QUARTERDECK_RAW_LOGS_CONTAINER: containerName
    .default('raw-logs')
    .describe('Container of logs and metrics as they were received'),

  KEY_VAULT_URI: z
    .url({ protocol: /^https$/, message: 'expected an https address' })
    .optional()
    .describe('Key Vault of the secrets; environment variables when not set'),
  AZURE_CLIENT_ID: text.optional().describe('User-assigned identity of the app'),
  APPLICATIONINSIGHTS_CONNECTION_STRING: text
    .optional()
    .describe('Application Insights to send telemetry to; the console when not set'),
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: text
    .regex(/Authorization=AAD/i, 'expected Authorization=AAD, with ClientId=… for a user-assigned identity')
    .optional()
    .describe("`Authorization=AAD` sends telemetry with the app's identity instead of a key"),

  EMBEDDING_PROVIDER: z
    .enum(['local', 'azure-openai', 'openai-compatible', 'onnx'])
    .default('local')
    .describe('Who embeds texts; `local` is trained on the tickets themselves'),
  EMBEDDING_ENDPOINT: webAddress.optional().describe('Address of the embedding service'),
  EMBEDDING_MODEL: text
    .default('text-embedding-3-small')
    .describe('Model or deployment of the embedding service'),
  EMBEDDING_WIDTH: integer(2, 4096)
    .default(1536)
    .describe('Length of the vectors of a service or ONNX model'),
  EMBEDDING_KEY_SECRET: secretName
    .optional()
    .describe("Name of the secret with the service's key; without it Azure is asked with the app's identity"),
  EMBEDDING_ONNX_FOLDER: text
    .optional()
    .describe('Folder of a sentence-transformer: `model.onnx` with `tokenizer.json` or `vocab.txt`'),
  EMBEDDING_WEIGHT_ENTITY: share.default(0).describe('Weight of the entities of a ticket in its vector'),
  EMBEDDING_WEIGHT_ACTION: share.default(0).describe('Weight of the actions of a ticket in its vector'),
  EMBEDDING_WEIGHT_SEMANTIC: share.default(1).describe('Weight of the whole summary in its vector'),

  LANGUAGE_MODEL_PROVIDER: z
    .enum(['none', 'azure-openai', 'openai-compatible'])
    .default('none')
    .describe('Who names clusters beside the keywords'),
  LANGUAGE_MODEL_ENDPOINT: webAddress.optional().describe('Address of the language model'),
  LANGUAGE_MODEL_NAME: text.optional().describe('Model or deployment of the language model'),
  LANGUAGE_MODEL_KEY_SECRET: secretName
    .optional()
    .describe("Name of the secret with its key; without it Azure is asked with the app's identity"),

  PREPROCESS_SCHEDULE: text
    .default('0 0 * * * *')
    .describe('When new tickets are preprocessed (six-field NCRONTAB)'),
  PREPROCESS_PAGE_SIZE: integer(1, 10_000).default(500).describe('Tickets read, embedded and stored at once'),
  PREPROCESS_OVERLAP_MINUTES: integer(0, 10_080)
    .default(120)
    .describe('How far every read looks back behind the watermark for late rows'),
  PREPROCESS_ATTEMPTS: integer(1, 10).default(3).describe('Tries for a page before the centre fails'),
  PREPROCESS_DEADLINE_MS: milliseconds.default(540_000).describe('Time limit of one centre'),
  PREPROCESS_QUARANTINE_SHARE: share
    .default(0.01)
    .describe('Share of poisoned rows above which the run of a centre fails'),
  PREPROCESS_SUMMARY_TOKENS: integer(16, 4_096).default(256).describe('Longest summary that is embedded'),
  PREPROCESS_LANGUAGE_MODEL_SUMMARY: flag
    .default(false)
    .describe('Let the language model write the summaries'),

  PREDICT_SCHEDULE: text.default('0 0 */2 * * *').describe('When new tickets are assigned to clusters'),
  PREDICT_PAGE_SIZE: integer(1, 20_000).default(2_000).describe('Tickets predicted and stored at once'),
  PREDICT_HISTORY: z
    .enum(['training-window', 'all'])
    .default('training-window')
    .describe('Which rows a version predicts: those since its training window began, or all there are'),
  PREDICT_DEADLINE_MS: milliseconds.default(540_000).describe('Time limit of one centre'),

  WATCH_SCHEDULE: text
    .default('0 */15 * * * *')
    .describe('When poison queues and overdue training are looked at'),

  INGEST_MAX_BODY_BYTES: integer(1_024, 104_857_600)
    .default(33_554_432)
    .describe('Largest body of logs or metrics, after its compression is taken off'),
  INGEST_INLINE_BYTES: integer(0, 104_857_600)
    .default(4_194_304)
    .describe(
      'Bodies up to this size are in the tables when the request is answered; larger ones are queued',
    ),
  INGEST_MAX_BYTES_IN_FLIGHT: integer(1_024, 1_073_741_824)
    .default(67_108_864)
    .describe('Bytes of batches that one process takes in at a time; above, senders are asked to wait'),
  INGEST_MAX_BATCHES_IN_FLIGHT: integer(1, 1_000)
    .default(32)
    .describe('Batches that one process takes in at a time'),
  INGEST_QUEUE_LIMIT: integer(1, 1_000_000)
    .default(1_000)
    .describe('Waiting batches from which senders are asked to wait'),
  INGEST_MAX_AGE_DAYS: integer(1, 36_500)
    .default(90)
    .describe('Records older than this are set aside: the clock of their sender is wrong'),
  INGEST_MAX_FUTURE_MINUTES: integer(0, 525_600)
    .default(60)
    .describe('How far ahead of the arrival a record may lie'),
  INGEST_SOURCES: text
    .optional()
    .describe(
      'Sources to pull logs and metrics from: a JSON list, or the path of a file with one (docs/ingest.md)',
    ),
  PULL_SCHEDULE: text.default('0 */5 * * * *').describe('When the sources are pulled'),
  PULL_OVERLAP_MINUTES: integer(0, 10_080)
    .default(10)
    .describe('How far every pull looks back behind what it has, for late records'),
  PULL_FIRST_MINUTES: integer(1, 525_600)
    .default(60)
    .describe('How far back the first pull of a source goes'),
  PULL_WINDOW_MINUTES: integer(1, 10_080)
    .default(360)
    .describe('Longest time that one pull catches up; what is left comes with the next'),
  INGEST_TIME_ZONE: text
    .default('UTC')
    .describe('IANA zone of times in log lines that name none, such as `Europe/Berlin`'),

  SCORE_SCHEDULE: text
    .default('0 */5 * * * *')
    .describe('When newly arrived minutes of every instance are scored'),
  SCORE_LOOKBACK_MINUTES: integer(1, 10_080)
    .default(60)
    .describe('How far back a minute may lie to be scored when its points arrive late'),
  SCORE_DEADLINE_MS: milliseconds.default(120_000).describe('Time limit of scoring one instance'),
  ANOMALY_TIME_ZONE: text.default('UTC').describe('IANA name of the zone of hours and weekdays in features'),
  ANOMALY_BUSINESS_HOURS: businessHours
    .prefault('9-17')
    .describe('Local hours of work, Monday to Friday, as `9-17`'),
  ANOMALY_MINIMUM_QUALITY: share
    .default(0.8)
    .describe('Quality score of the data below which training on it fails'),
  ANOMALY_GATE_F1: share
    .default(0.85)
    .describe('F1 on the held-out time that a model must exceed to answer requests'),
  ANOMALY_GATE_PRECISION: share
    .default(0.9)
    .describe('Precision on the held-out time that a model must exceed to answer requests'),
  ANOMALY_HELD_OUT_SHARE: share
    .default(0.35)
    .describe('Last share of the training window: its first part chooses the threshold, the rest judges'),
  ANOMALY_REVIEW_SHARE: share.default(0.01).describe('Most rows of a window that people are asked about'),
  ANOMALY_REVIEW_HOURS: z.coerce
    .number()
    .min(0)
    .max(1_000)
    .default(8)
    .describe('Most hours of review that one selection asks for'),
  ANOMALY_REVIEW_MINUTES: z.coerce
    .number()
    .min(0.01)
    .max(600)
    .default(1)
    .describe('Minutes that a person takes for one row'),
  ANOMALY_SEARCH_TRIALS: integer(1, 1_000)
    .default(12)
    .describe('Most parameters tried when trees are fitted'),
  ANOMALY_SEARCH_MINUTES: integer(0, 1_440)
    .default(10)
    .describe('Time after which no other parameters are tried'),
  ANOMALY_COST_FALSE_ALARM: z.coerce
    .number()
    .min(0.001)
    .max(1e6)
    .default(1)
    .describe('What a false alarm costs'),
  ANOMALY_COST_MISSED: z.coerce
    .number()
    .min(0.001)
    .max(1e6)
    .default(2)
    .describe('What a missed anomaly costs, on the same scale'),
  ANOMALY_MODEL_BYTES: integer(1_024, 2 ** 31 - 1)
    .default(256 * 1024 * 1024)
    .describe(
      'Largest graph of a model that is loaded to answer requests; two thousand trees have a few megabytes',
    ),
  ANOMALY_EXPLAIN_CONFIDENCE: share
    .default(0.85)
    .describe('Confidence of an anomaly from which on an explanation is asked for'),

  CANARY_SCHEDULE: text.default('0 * * * * *').describe('When a canary and the split are looked at'),
  CANARY_BAKE_MINUTES: integer(0, 10_080)
    .default(30)
    .describe('Time that each stage of a canary takes at least'),
  CANARY_EMERGENCY_BAKE_MINUTES: integer(0, 10_080).default(5).describe('The same in the emergency form'),
  CANARY_MINIMUM_REQUESTS: integer(1, 1_000_000)
    .default(100)
    .describe('Requests to the candidate that a stage needs before it is judged'),
  CANARY_LONGEST_STAGE_HOURS: integer(1, 8_760)
    .default(24)
    .describe('After which a stage that has too few requests ends its canary'),
  CANARY_ERROR_RATE: share.default(0.01).describe('Share of failed requests from which a canary goes back'),
  CANARY_P95_MS: integer(1, 5_000)
    .default(1_000)
    .describe('95th percentile of the latency from which a canary goes back'),
  CANARY_SCORE_DRIFT: z.coerce
    .number()
    .min(0.01)
    .default(0.25)
    .describe("Population stability index of the two sides' scores from which a canary goes back"),
  EXPERIMENT_SCHEDULE: text.default('0 */30 * * * *').describe('When champion and challenger are compared'),
  EXPERIMENT_HOURS: integer(1, 8_760)
    .default(24)
    .describe('After which champion against challenger is decided, if it was not before'),

  TIME_WINDOW_MINUTES: integer(1, 1_440)
    .default(15)
    .describe(
      'Minutes within which alerts can belong to one storm, and within which a repeat is a duplicate',
    ),
  MIN_MATCH_SCORE: z.coerce
    .number()
    .min(0)
    .max(100)
    .default(2)
    .describe('Lowest score at which words of an alert name a service of the graph'),
  MIN_CLUSTERING_SAMPLES: integer(2, 1_000_000)
    .default(10)
    .describe('Fewest alerts that a clustering model is trained on'),
  PCA_VARIANCE_THRESHOLD: share
    .default(0.95)
    .describe('Share of the variance of alert features that is kept'),
  OUTLIER_CONTAMINATION: share
    .default(0.05)
    .describe('Share of alerts that are set aside as outliers when a clustering model is trained'),
  ALERT_GROUP_SCHEDULE: text.default('0 */15 * * * *').describe('When alerts are grouped'),
  ALERT_TRAIN_SCHEDULE: text
    .default('0 0 7 * * 1')
    .describe('When the clustering model of alerts is trained again, in ALERT_TIME_ZONE'),
  ALERT_TIME_ZONE: text
    .default('UTC')
    .describe(
      'IANA name of the zone of hours and weekdays of alerts, and of times in alert files that name none',
    ),
  ALERT_LOOKBACK_MINUTES: integer(1, 10_080)
    .default(60)
    .describe('How far back alerts take part in a grouping run, beside those that still fire'),
  ALERT_LONGEST_OPEN_HOURS: integer(1, 8_760)
    .default(72)
    .describe('After which an alert that nobody ended or spoke of again counts no more as firing'),
  ALERT_RUN_DEADLINE_MS: milliseconds.default(300_000).describe('Time limit of one grouping run'),

  TRAIN_SEED: integer(0, 4_294_967_295).default(42).describe('Seed of all randomness in training'),
  TRAIN_MAX_WORKERS: integer(1, 64).default(4).describe('Centres trained at once'),
  TRAIN_MINIMUM_ROWS: integer(10, 1_000_000)
    .default(50)
    .describe('Fewest tickets of a quarter to train a centre on'),
  TRAIN_OVERDUE_DAYS: integer(1, 1_000)
    .default(100)
    .describe('Age of a model after which training is overdue'),
  GATE_MAXIMUM_NOISE: share.default(0.5).describe('Share of noise from which a version is refused'),
  GATE_TOLERANCE: share.default(0.05).describe('How much worse than the current version a new one may be'),
} as const;

export type VariableName = keyof typeof variables;
export type Settings = Readonly<{ [Name in VariableName]: z.output<(typeof variables)[Name]> }>;
