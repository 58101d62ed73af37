import { z } from 'zod';
import { anomalyModelNameSchema } from './anomaly';
import type { Operation } from './api';
import { instanceNameSchema, metricKindSchema } from './observation';

/** What the console's anomaly pages ask for beside scores, reviews and explanations. */

const timestamp = z.string().describe('UTC, ISO 8601 with microseconds');
/** Longer than any scores are kept by default. */
const mostDays = 400;
/** A day: more does not fit beside a row. */
const mostMinutes = 1_440;

export const scoredInstancesQuerySchema = z.strictObject({
  /** How far back scores count. */
  days: z.coerce.number().int().min(1).max(mostDays).default(7),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

export const scoredInstancesSchema = z.object({
  /** Start of the window that is counted. */
  from: timestamp,
  instances: z.array(
    z.object({
      instance: z.string(),
      /** Null, with what follows, when no row of the window was scored. */
      lastAt: timestamp.nullable(),
      model: anomalyModelNameSchema.nullable(),
      modelVersion: z.string().nullable(),
      score: z.number().nullable(),
      label: z.number().int().nullable(),
      threshold: z.number().nullable(),
      rows: z.number().int(),
      /** Rows of the window that were labelled an anomaly. */
      alarms: z.number().int(),
      /** Rows of any age that wait for a verdict. */
      openReviews: z.number().int(),
    }),
  ),
});
export type ScoredInstances = z.infer<typeof scoredInstancesSchema>;

export const surroundingsQuerySchema = z.strictObject({
  instance: instanceNameSchema,
  /** Time of the row that is looked at. */
  at: z.string().min(10).max(40),
  minutes: z.coerce.number().int().min(5).max(mostMinutes).default(60),
  limit: z.coerce.number().int().min(1).max(200).default(12),
});

export const surroundingsSchema = z.object({
  from: timestamp,
  to: timestamp,
  metrics: z
    .array(
      z.object({
        metric: z.string(),
        kind: metricKindSchema,
        unit: z.string().nullable(),
        /** Distance of the last value from the median of those before it, in robust standard deviations; null when nothing varies. */
        deviation: z.number().nullable(),
        points: z.array(z.object({ at: timestamp, value: z.number() })),
      }),
    )
    .describe('the furthest from their usual level first'),
});
export type Surroundings = z.infer<typeof surroundingsSchema>;

export const consoleOperations = {
  scoredInstances: {
    id: 'scoredInstances',
    method: 'GET',
    route: 'api/anomalies/instances',
    summary: 'Instances with their last score, alarms, and rows that wait for a verdict.',
    access: 'function',
    query: scoredInstancesQuerySchema,
    answer: scoredInstancesSchema,
  },
  surroundings: {
    id: 'surroundings',
    method: 'GET',
    route: 'api/anomalies/surroundings',
    summary: 'What the metrics of an instance did in the minutes up to a row.',
    access: 'function',
    query: surroundingsQuerySchema,
    answer: surroundingsSchema,
  },
} as const satisfies Record<string, Operation>;
