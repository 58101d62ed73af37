import { z } from 'zod';
import { anomalyModelNames, anomalyModelNameSchema, routedModelName, scoreRoles } from './anomaly';
import type { Operation } from './api';
import { mostInferenceRows } from './inferenceHttp';
import { modelVersionSchema } from './model';
import { instanceNameSchema, logLevels, metricNameSchema } from './observation';

/** Scoring, models, routing and canaries over `/api/…`. */

const timestamp = z.string().describe('UTC, ISO 8601 with microseconds');
const percent = z.number();
const mostContributions = 100;
/** A day of 100 metrics a minute. */
const mostPoints = 150_000;
const mostLogs = 50_000;
/** Minutes of raw metrics that one request can bring: a day, and the longest window before it. */
export const mostRawMinutes = 1_440 + 240;
/** 10,000 rows of 500 features with their digits. */
export const mostScoreBytes = 96 * 1024 * 1024;

/**
 * Rows come as ready features (`features` with `names` and `rows`, or a list of objects), or as recent `metrics` (and
 * `logs`) of an instance, of which the last `minutes` are scored. The numbers of `rows` are read by hand: there are
 * millions of them.
 */
export const scoreRequestSchema = z.strictObject({
  model: z.enum([...anomalyModelNames, routedModelName]).default(routedModelName),
  version: modelVersionSchema.optional(),
  instance: instanceNameSchema.optional(),
  /** Who is routed, when neither header nor cookie says it; the instance otherwise. */
  unit: z.string().min(1).max(200).optional(),
  features: z
    .union([
      z.strictObject({ names: z.array(z.string().max(500)).min(1).max(5_000), rows: z.unknown() }),
      z.array(z.unknown()).min(1).max(mostInferenceRows),
    ])
    .optional(),
  /** Time of each row of `features`; needed to store the scores. */
  at: z.array(z.string().max(40)).max(mostInferenceRows).optional(),
  metrics: z
    .array(z.strictObject({ metric: metricNameSchema, at: z.string().max(40), value: z.number() }))
    .min(1)
    .max(mostPoints)
    .optional(),
  logs: z
    .array(
      z.strictObject({
        at: z.string().max(40),
        level: z.enum(logLevels),
        templateId: z.string().max(200).optional(),
      }),
    )
    .max(mostLogs)
    .optional(),
  minutes: z.number().int().min(1).max(1_440).default(1),
  /** Features that are lacking, and values that are null, count as missing; otherwise they are refused. */
  allowMissing: z.boolean().default(false),
  contributions: z.number().int().min(0).max(mostContributions).default(5),
  /** Keeps the scores where instance and time are known. */
  store: z.boolean().default(true),
});
export type ScoreRequest = z.infer<typeof scoreRequestSchema>;

const contributionSchema = z.object({
  feature: z.string(),
  value: z.number().nullable(),
  contribution: z.number().describe('in log-odds; above 0 speaks for an anomaly'),
});

export const scoreAnswerSchema = z.object({
  model: anomalyModelNameSchema,
  version: modelVersionSchema,
  role: z.enum(scoreRoles),
  unit: z.string(),
  featureSet: z.string(),
  thresholds: z.object({
    anomaly: z.number().describe('probability from which on a row is labelled 1'),
    explain: z.number().describe('confidence above which an explanation is asked for'),
  }),
  results: z.array(
    z.object({
      at: timestamp.nullable(),
      score: z.number().describe('probability of an anomaly'),
      label: z.number().int().describe('1 for an anomaly'),
      confidence: z.number().describe('probability of the label'),
      contributions: z.array(contributionSchema),
    }),
  ),
  stored: z.number().int(),
  explanationsRequested: z.number().int(),
});
export type ScoreAnswer = z.infer<typeof scoreAnswerSchema>;

export const scoreSeriesQuerySchema = z.strictObject({
  instance: instanceNameSchema,
  model: anomalyModelNameSchema.optional(),
  role: z.enum(scoreRoles).optional(),
  from: z.string().max(40).optional(),
  to: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_440),
});
export const scoreSeriesSchema = z.object({
  instance: z.string(),
  scores: z
    .array(
      z.object({
        at: timestamp,
        model: anomalyModelNameSchema,
        version: modelVersionSchema,
        role: z.enum(scoreRoles),
        score: z.number(),
        label: z.number().int(),
        confidence: z.number(),
        threshold: z.number(),
        contributions: z.array(contributionSchema),
      }),
    )
    .describe('oldest first'),
});
export type ScoreSeries = z.infer<typeof scoreSeriesSchema>;

const referenceSchema = z.object({ model: anomalyModelNameSchema, version: modelVersionSchema });

export const modelTableQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const modelTableSchema = z.object({
  champion: referenceSchema.nullable(),
  challenger: referenceSchema.nullable(),
  previous: referenceSchema.nullable(),
  versions: z
    .array(
      referenceSchema.extend({
        createdAt: timestamp,
        aliases: z.array(z.enum(['champion', 'challenger', 'previous'])),
        current: z.boolean(),
        promoted: z.boolean(),
        withdrawn: z.boolean(),
        metrics: z.record(z.string(), z.number().nullable()),
        parameters: z.record(z.string(), z.unknown()),
        seed: z.number().int(),
        dataWindow: z.object({ from: z.string(), to: z.string(), rows: z.number().int() }),
        codeVersion: z.string(),
      }),
    )
    .describe('newest first'),
});
export type ModelTable = z.infer<typeof modelTableSchema>;

const canarySchema = z.object({
  id: z.string(),
  form: z.enum(['standard', 'emergency']),
  status: z.enum(['running', 'promoting', 'completed', 'rolled-back', 'aborted']),
  shares: z.array(percent),
  stage: z.number().int(),
  candidate: referenceSchema,
  champion: referenceSchema,
  bakedMs: z.number(),
  bakeMs: z.number(),
  minimumRequests: z.number().int(),
  startedAt: timestamp,
  finishedAt: timestamp.nullable(),
  startedBy: z.string(),
  reason: z.string(),
  history: z.array(
    z.object({ at: timestamp, stage: z.number().int(), event: z.string(), detail: z.string() }),
  ),
});

const armSchema = z.object({
  outcomes: z.number().int(),
  correct: z.number().int(),
  accuracy: z.number().nullable(),
});

export const routingStatusSchema = z.object({
  weights: z.object({ champion: percent, challenger: percent }),
  shadow: z.boolean(),
  salt: z.string(),
  changedAt: timestamp,
  changedBy: z.string(),
  effective: z
    .object({
      champion: referenceSchema,
      challenger: referenceSchema.nullable(),
      challengerShare: z.number().describe('in [0, 1]'),
      because: z.enum(['weights', 'canary', 'no-challenger']),
    })
    .nullable()
    .describe('null while no champion is set'),
  split: z
    .object({
      champion: z.number().int(),
      challenger: z.number().int(),
      expectedChallengerShare: z.number(),
      p: z.number(),
      mismatch: z.boolean(),
    })
    .describe('different units that this process has answered'),
  canary: canarySchema.nullable(),
  experiment: z
    .object({
      id: z.string(),
      champion: referenceSchema,
      challenger: referenceSchema,
      startedAt: timestamp,
      reportedAt: timestamp,
      arms: z.object({ champion: armSchema, challenger: armSchema }),
      effect: z.object({ difference: z.number(), low: z.number(), high: z.number() }),
      sequentialP: z.number(),
      chiSquare: z.object({ statistic: z.number(), p: z.number() }),
      decision: z.enum(['running', 'challenger', 'champion', 'no-difference']),
      why: z.string(),
    })
    .nullable(),
});
export type RoutingStatus = z.infer<typeof routingStatusSchema>;

export const routingChangeSchema = z.strictObject({
  champion: z.number(),
  challenger: z.number(),
  shadow: z.boolean().optional(),
  salt: z.string().min(1).max(100).optional(),
  by: z.string().min(1).max(200).default('console'),
  reason: z.string().min(1).max(500).default('set over HTTP'),
});

export const routingTestQuerySchema = z.strictObject({
  unit: z.string().min(1).max(200).optional(),
  /** Made-up units to split, to see what the weights come to. */
  units: z.coerce.number().int().min(1).max(100_000).default(10_000),
});
export const routingTestSchema = z.object({
  unit: z
    .object({
      unit: z.string(),
      position: z.number(),
      role: z.enum(['champion', 'challenger']),
      model: anomalyModelNameSchema,
      version: modelVersionSchema,
    })
    .nullable(),
  simulated: z.object({
    champion: z.number().int(),
    challenger: z.number().int(),
    expectedChallengerShare: z.number(),
    p: z.number(),
  }),
});
export type RoutingTest = z.infer<typeof routingTestSchema>;

export const canaryAlertSchema = z.looseObject({
  /** The alert rule, as Azure Monitor's common alert schema has it, or in short. */
  rule: z.string().max(500).optional(),
  data: z
    .looseObject({
      essentials: z.looseObject({
        alertRule: z.string().max(500),
        monitorCondition: z.string().max(50).optional(),
      }),
    })
    .optional(),
});
export const canaryAlertAnswerSchema = z.object({ rolledBack: z.boolean(), reason: z.string() });

export const anomalyOperations = {
  scoreAnomaly: {
    id: 'scoreAnomaly',
    method: 'POST',
    route: 'api/anomaly',
    summary: 'Scores rows of features, or recent metrics of an instance, with what moved each score.',
    access: 'function',
    body: scoreRequestSchema,
    largestBodyBytes: mostScoreBytes,
    answer: scoreAnswerSchema,
  },
  anomalyScores: {
    id: 'anomalyScores',
    method: 'GET',
    route: 'api/anomalies/scores',
    summary: 'Stored scores of an instance over time.',
    access: 'function',
    query: scoreSeriesQuerySchema,
    answer: scoreSeriesSchema,
  },
  anomalyModels: {
    id: 'anomalyModels',
    method: 'GET',
    route: 'api/models/anomaly',
    summary: 'Versions of the anomaly models side by side: metrics, parameters, data window, aliases.',
    access: 'function',
    query: modelTableQuerySchema,
    answer: modelTableSchema,
  },
  routing: {
    id: 'routing',
    method: 'GET',
    route: 'api/routing',
    summary: 'Who answers whom: weights, canary, the check of the split, champion against challenger.',
    access: 'function',
    answer: routingStatusSchema,
  },
  setRouting: {
    id: 'setRouting',
    method: 'PUT',
    route: 'api/routing',
    summary: 'Sets the weights of champion and challenger, which add up to 100.',
    access: 'function',
    body: routingChangeSchema,
    answer: routingStatusSchema,
  },
  testRouting: {
    id: 'testRouting',
    method: 'GET',
    route: 'api/routing/test',
    summary: 'Which model a unit would meet, and how made-up units would be split.',
    access: 'function',
    query: routingTestQuerySchema,
    answer: routingTestSchema,
  },
  canaryAlert: {
    id: 'canaryAlert',
    method: 'POST',
    route: 'api/routing/canary/alert',
    summary: 'An alert rule has fired: a canary that is under way goes back.',
    access: 'function',
    body: canaryAlertSchema,
    answer: canaryAlertAnswerSchema,
  },
} as const satisfies Record<string, Operation>;
