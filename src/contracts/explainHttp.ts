import { z } from 'zod';
import { anomalyModelNameSchema } from './anomaly';
import type { Operation } from './api';
import { modelVersionSchema } from './model';
import { instanceNameSchema } from './observation';

/** Explanations of anomalies: what is asked, what the queue carries, and the document that answers. */

const timeSchema = z.string().min(10).max(40);
const mostContributions = 400;

export const explainMessageSchema = z.strictObject({
  instance: instanceNameSchema,
  /** Time of the row that was scored. */
  at: timeSchema,
  model: anomalyModelNameSchema,
  modelVersion: modelVersionSchema,
});
export type ExplainMessage = z.infer<typeof explainMessageSchema>;

const contributionSchema = z.strictObject({
  feature: z.string().min(1).max(500),
  value: z.number().nullable(),
  contribution: z.number(),
});

/** Without a score of its own, the one that is stored for the instance and time is explained. */
export const explainRequestSchema = z.strictObject({
  instance: instanceNameSchema,
  at: timeSchema,
  model: anomalyModelNameSchema.optional(),
  modelVersion: modelVersionSchema.optional(),
  score: z
    .strictObject({
      score: z.number().min(0).max(1),
      confidence: z.number().min(0).max(1),
      threshold: z.number().min(0).max(1),
      contributions: z.array(contributionSchema).max(mostContributions),
    })
    .optional(),
});
export type ExplainRequest = z.infer<typeof explainRequestSchema>;

export const evidenceKinds = ['score', 'feature', 'incident', 'template'] as const;

const evidenceSchema = z.object({
  id: z.string(),
  kind: z.enum(evidenceKinds),
  /** One line for a person. */
  summary: z.string(),
  /** What the summary was made from. */
  data: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** A sentence and what it rests on. */
const statementSchema = z.object({
  text: z.string().min(1),
  /** Ids of the evidence; never empty. */
  evidence: z.array(z.string()).min(1),
});
export type Statement = z.infer<typeof statementSchema>;

export const explanationSections = ['rootCause', 'impact', 'recommendedActions', 'prevention'] as const;
export type ExplanationSection = (typeof explanationSections)[number];

export const explanationDocumentSchema = z.object({
  explanationId: z.string(),
  instance: z.string(),
  at: z.string(),
  model: z.string(),
  modelVersion: z.string().nullable(),
  score: z.number(),
  confidence: z.number(),
  writtenBy: z.enum(['rules', 'language-model']),
  /** True when a language model was asked and its answer could not be used: the rules wrote this instead. */
  degraded: z.boolean(),
  degradedReason: z.string().nullable(),
  rootCause: z.array(statementSchema),
  impact: z.array(statementSchema),
  recommendedActions: z.array(statementSchema),
  prevention: z.array(statementSchema),
  evidence: z.array(evidenceSchema),
  explainedAt: z.string(),
});
export type ExplanationDocument = z.infer<typeof explanationDocumentSchema>;

export const explanationParamsSchema = z.strictObject({ id: z.string().regex(/^[0-9a-f]{32}$/) });

export const explanationListQuerySchema = z.strictObject({
  instance: instanceNameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const explanationListSchema = z.object({
  explanations: z.array(
    z.object({
      explanationId: z.string(),
      instance: z.string(),
      at: z.string(),
      rootCause: z.string(),
      score: z.number(),
      degraded: z.boolean(),
      explainedAt: z.string(),
    }),
  ),
});

export type ExplanationList = z.infer<typeof explanationListSchema>;

export const explainOperations = {
  explain: {
    id: 'explain',
    method: 'POST',
    route: 'api/explain',
    summary: 'Root cause, impact, actions and prevention of an anomaly, each sentence with its evidence.',
    access: 'function',
    body: explainRequestSchema,
    answer: explanationDocumentSchema,
  },
  explanations: {
    id: 'explanations',
    method: 'GET',
    route: 'api/explanations',
    summary: 'Explanations, newest first.',
    access: 'function',
    query: explanationListQuerySchema,
    answer: explanationListSchema,
  },
  explanation: {
    id: 'explanation',
    method: 'GET',
    route: 'api/explanations/{id}',
    summary: 'One explanation with its evidence.',
    access: 'function',
    params: explanationParamsSchema,
    answer: explanationDocumentSchema,
  },
} as const satisfies Record<string, Operation>;
