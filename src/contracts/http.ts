import { z } from 'zod';
import { pipelines } from './incident';
import { labeledClusterSchema, modelVersionSchema } from './model';

/** What travels over `/api/…`: requests refuse unknown fields, answers are described for the OpenAPI document. */

const techCenter = z.string().min(1).max(200);
const timestamp = z.string().describe('UTC, ISO 8601 with microseconds');
const maximumTexts = 1_000;
const maximumTextLength = 32_768;

const runSchema = z.object({
  runId: z.string(),
  pipeline: z.enum(pipelines),
  scope: z.string().describe('the tech centre, or `all`'),
  status: z.enum(['ok', 'partial', 'failed', 'skipped']),
  counts: z.record(z.string(), z.number()),
  startedAt: timestamp,
  finishedAt: timestamp,
  errorCode: z.string().nullable(),
  detail: z.string().nullable(),
});

export const healthSchema = z.object({ status: z.literal('ok'), codeVersion: z.string() });

export const centerStateSchema = z.enum(['ready', 'untrained', 'failing', 'fallback', 'overdue']);

export const statusSchema = z.object({
  at: timestamp,
  codeVersion: z.string(),
  pipelines: z.array(
    z.object({
      pipeline: z.enum(pipelines),
      lastRun: runSchema.nullable(),
      lastSuccessAt: timestamp.nullable(),
      failingScopes: z.array(z.string()),
    }),
  ),
  centers: z.array(
    z.object({
      techCenter,
      state: centerStateSchema,
      incidents: z.number().int(),
      preprocessed: z.number().int(),
      predicted: z.number().int().describe('predictions of the current version'),
      modelVersion: modelVersionSchema.nullable(),
      promotedAt: timestamp.nullable(),
      clusters: z.number().int().nullable(),
      noiseShare: z.number().nullable(),
      fallback: z
        .object({ wanted: z.string(), used: z.string().nullable(), reason: z.string() })
        .nullable()
        .describe('set when the current version cannot be used'),
      trainingOverdue: z.boolean().describe('whatever its state: no model is young enough'),
      watermark: timestamp.nullable(),
      lastRuns: z.object({
        preprocess: runSchema.nullable(),
        train: runSchema.nullable(),
        predict: runSchema.nullable(),
      }),
    }),
  ),
  nextTrainingDue: timestamp.nullable(),
  trainingOverdue: z.boolean(),
  quarantined: z.number().int(),
  queues: z.array(z.object({ queue: z.string(), waiting: z.number().int(), poison: z.number().int() })),
});
export type PipelineStatus = z.infer<typeof statusSchema>;

const weekSchema = z.object({ week: timestamp.describe('Monday, 00:00 UTC'), incidents: z.number().int() });

const clusterSummarySchema = z.object({
  id: z.string().describe('stable id; lasts from version to version'),
  cluster: z.number().int().describe('number within this version'),
  topic: z.string(),
  keywords: z.array(z.string()),
  domainName: z.string(),
  size: z
    .number()
    .int()
    .describe('tickets predicted into the cluster by this version: training window and later'),
  share: z.number().describe('of all predicted tickets of the centre'),
  example: z.string().nullable().describe('title of the most typical ticket'),
  weeks: z
    .array(weekSchema)
    .describe('tickets a week under this id, by the versions before too; every week from the first on'),
  trend: z
    .number()
    .nullable()
    .describe('last four full weeks against the four before, as a relative change; null without history'),
  incidentsThisWeek: z.number().int().describe('in the seven days up to the newest ticket'),
  isNew: z.boolean().describe('born in this version'),
  event: labeledClusterSchema.shape.lineage.shape.event,
});
export type ClusterSummary = z.infer<typeof clusterSummarySchema>;

export const clusterListQuerySchema = z.strictObject({
  techCenter,
  version: modelVersionSchema.optional(),
});
export const clusterListSchema = z.object({
  techCenter,
  version: modelVersionSchema,
  trainedAt: timestamp,
  predicted: z.number().int(),
  noise: z.number().int(),
  metrics: z.record(z.string(), z.number().nullable()),
  clusters: z.array(clusterSummarySchema).describe('largest first'),
  domains: z.array(z.object({ name: z.string(), clusters: z.array(z.string()), size: z.number().int() })),
  deaths: z.array(z.object({ id: z.string(), topic: z.string(), lastVersion: modelVersionSchema })),
});
export type ClusterList = z.infer<typeof clusterListSchema>;

/** Stable ids are ours: lower-case letters, digits and dashes. */
export const clusterIdSchema = z.string().regex(/^c-[a-z0-9]{4,40}$/);
export const clusterParamsSchema = z.strictObject({ id: clusterIdSchema });
export const clusterDetailQuerySchema = z.strictObject({ techCenter: techCenter.optional() });
export const clusterDetailSchema = clusterSummarySchema.extend({
  techCenter,
  version: modelVersionSchema,
  weightedKeywords: z.array(z.object({ term: z.string(), weight: z.number() })),
  namedBy: z.enum(['keywords', 'language-model']),
  representatives: z.array(z.object({ number: z.string(), title: z.string() })),
  newest: z.array(
    z.object({ number: z.string(), title: z.string(), createdOn: timestamp, confidence: z.number() }),
  ),
  lineage: labeledClusterSchema.shape.lineage,
});
export type ClusterDetail = z.infer<typeof clusterDetailSchema>;

export const clusterMapQuerySchema = z.strictObject({ techCenter });
export const clusterMapSchema = z.object({
  techCenter,
  version: modelVersionSchema,
  points: z.array(
    z.object({
      number: z.string(),
      title: z.string(),
      x: z.number(),
      y: z.number(),
      cluster: z.number().int().describe('-1 for noise'),
    }),
  ),
  clusters: z.array(
    z.object({ id: z.string(), cluster: z.number().int(), topic: z.string(), x: z.number(), y: z.number() }),
  ),
});
export type ClusterMap = z.infer<typeof clusterMapSchema>;

const predictionSchema = z.object({
  modelVersion: z.string(),
  cluster: z.number().int(),
  clusterId: z.string().nullable().describe('stable id; null for noise, or when that version is gone'),
  topic: z.string(),
  domainName: z.string(),
  confidence: z.number(),
  isSuggestion: z.boolean().describe('noise: the topic is the nearest theme, not a membership'),
  predictedAt: timestamp,
});

/** Ticket numbers come from elsewhere: anything but control characters. */
export const incidentParamsSchema = z.strictObject({
  number: z
    .string()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}+$/u),
});
export const incidentDetailSchema = z.object({
  number: z.string(),
  techCenter,
  createdOn: timestamp,
  shortDescription: z.string(),
  description: z.string(),
  priority: z.string().nullable(),
  assignmentGroup: z.string().nullable(),
  state: z.string().nullable(),
  summary: z.string().nullable().describe('what was embedded; null before preprocessing'),
  quarantined: z.object({ reasonCode: z.string(), detail: z.string() }).nullable(),
  predictions: z.array(predictionSchema).describe('newest first'),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;

export const incidentSearchQuerySchema = z.strictObject({
  search: z.string().min(1).max(200),
  techCenter: techCenter.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const incidentSearchSchema = z.object({
  incidents: z.array(
    z.object({
      number: z.string(),
      techCenter,
      createdOn: timestamp,
      shortDescription: z.string(),
      topic: z.string().nullable(),
      clusterId: z.string().nullable(),
    }),
  ),
});
export type IncidentSearch = z.infer<typeof incidentSearchSchema>;

export const classifyRequestSchema = z.strictObject({
  techCenter,
  texts: z.array(z.string().max(maximumTextLength)).min(1).max(maximumTexts),
});
export type ClassifyRequest = z.infer<typeof classifyRequestSchema>;
export const classifySchema = z.object({
  techCenter,
  version: modelVersionSchema,
  results: z.array(
    predictionSchema.omit({ modelVersion: true, predictedAt: true }).extend({
      reason: z.string().nullable().describe('why there is no cluster: `no known words`, or null'),
    }),
  ),
});
export type Classification = z.infer<typeof classifySchema>;

export const runsQuerySchema = z.strictObject({
  pipeline: z.enum(pipelines).optional(),
  techCenter: techCenter.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
export const runsSchema = z.object({ runs: z.array(runSchema) });
export type PipelineRuns = z.infer<typeof runsSchema>;

export const quarantineQuerySchema = z.strictObject({
  source: z.enum(['import', 'preprocess', 'ingest', 'alerts']).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** Without the rows themselves: their text has not been redacted. */
export const quarantineSchema = z.object({
  total: z.number().int(),
  rows: z
    .array(
      z.object({
        source: z.string(),
        key: z.string().describe('ticket number, or file and row'),
        reasonCode: z.string(),
        detail: z.string(),
        at: timestamp,
      }),
    )
    .describe('newest first'),
});
export type Quarantine = z.infer<typeof quarantineSchema>;

export const errorAnswerSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
    requestId: z.string(),
  }),
});
