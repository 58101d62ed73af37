import { z } from 'zod';
import { alertSeveritySchema, alertStatusSchema } from './alert';
import type { Operation } from './api';

/** Alert groups over HTTP: the ranked list, one group with everything known of it, its storm over time, feedback. */

const timestamp = z.string().describe('UTC, ISO 8601 with microseconds');
const longestHistoryHours = 8_760;
const mostGroups = 500;
const mostMembers = 1_000;
const mostSplitAlerts = 1_000;
const longestPreviewDays = 30;

/** Group ids are ours: lower-case letters and digits. */
export const alertGroupIdSchema = z.string().regex(/^g-[a-z0-9]{6,40}$/);
const nameSchema = z.string().trim().min(1).max(200);

export const mappingMethodSchema = z.enum(['exact', 'alias', 'scored', 'none']);
export const alertRoleSchema = z
  .enum(['primary', 'duplicate', 'symptom'])
  .describe('duplicate: the same condition again; symptom: downstream of the cause of the group');
export const groupStateSchema = z.enum(['open', 'resolved']).describe('open while one of its alerts lasts');

export const alertGroupListQuerySchema = z.strictObject({
  /** Groups with an alert in the last hours of what was grouped, and those that were open then. */
  hours: z.coerce.number().int().min(1).max(longestHistoryHours).default(24),
  state: groupStateSchema.optional(),
  /** Worst severity among its alerts. */
  severity: alertSeveritySchema.optional(),
  /** Id of a service that alerts in the group or is its likely cause. */
  service: nameSchema.optional(),
  minimumImportance: z.coerce.number().min(0).max(100).optional(),
  /** Words of the group's name. */
  text: nameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(mostGroups).default(50),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});
export type AlertGroupListQuery = z.infer<typeof alertGroupListQuerySchema>;

export const alertGroupingRunSchema = z.object({
  runId: z.string(),
  at: timestamp.describe('the time up to which alerts were grouped'),
  alerts: z.number().int(),
  groups: z.number().int(),
  primaries: z.number().int(),
  duplicates: z.number().int(),
  symptoms: z.number().int(),
  unmapped: z.number().int().describe('alerts whose service the graph does not have'),
  suppressed: z.number().int().describe('alerts inside a maintenance window: kept, not grouped'),
  outliers: z.number().int().describe('alerts unlike all others: set aside from clustering, still grouped'),
  noiseReduction: z.number().nullable().describe('1 − groups / alerts; null without alerts'),
  modelVersion: z.string().nullable().describe('clustering model that named the kinds of alerts'),
  graphVersion: z.string(),
});
export type AlertGroupingRunSummary = z.infer<typeof alertGroupingRunSchema>;

export const alertGroupSummarySchema = z.object({
  id: alertGroupIdSchema,
  rank: z.number().int().describe('place in this answer, from 1'),
  name: z.string(),
  namedBy: z.enum(['rules', 'language-model']),
  importance: z.number().describe('0 to 100'),
  importanceParts: z.record(z.string(), z.number()),
  severity: alertSeveritySchema.describe('the worst among its alerts'),
  state: groupStateSchema,
  startedAt: timestamp,
  lastAt: timestamp.describe('start of its newest alert'),
  endedAt: timestamp.nullable().describe('null while one of its alerts lasts'),
  alerts: z.number().int(),
  primaries: z.number().int(),
  duplicates: z.number().int(),
  symptoms: z.number().int(),
  services: z.number().int().describe('services of the graph that alert in it'),
  topServices: z
    .array(z.object({ id: z.string(), name: z.string(), alerts: z.number().int() }))
    .describe('most alerts first'),
  topAlertNames: z.array(z.object({ name: z.string(), alerts: z.number().int() })),
  rootCause: z.object({ id: z.string(), name: z.string(), score: z.number() }).nullable(),
  kinds: z
    .array(z.object({ cluster: z.number().int(), label: z.string(), alerts: z.number().int() }))
    .describe('kinds of alerts by the clustering model; empty without one'),
  feedback: z.number().int().describe('what people said about it, counted'),
  supersededBy: alertGroupIdSchema.nullable().describe('the group that took its alerts in a later run'),
});
export type AlertGroupSummary = z.infer<typeof alertGroupSummarySchema>;

export const alertGroupListSchema = z.object({
  run: alertGroupingRunSchema.nullable().describe('the newest complete run; null before the first'),
  total: z.number().int().describe('groups that fit the filters'),
  groups: z.array(alertGroupSummarySchema).describe('most important first'),
});
export type AlertGroupList = z.infer<typeof alertGroupListSchema>;

export const alertGroupParamsSchema = z.strictObject({ id: alertGroupIdSchema });
export const alertGroupDetailQuerySchema = z.strictObject({
  members: z.coerce.number().int().min(0).max(mostMembers).default(200),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
});

export const alertGroupMemberSchema = z.object({
  alertId: z.string(),
  source: z.string(),
  name: z.string(),
  service: z.string().nullable(),
  resource: z.string().nullable(),
  severity: alertSeveritySchema,
  status: alertStatusSchema,
  startsAt: timestamp,
  endsAt: timestamp.nullable(),
  description: z.string(),
  node: z.object({ id: z.string(), name: z.string() }).nullable().describe('null when it was not mapped'),
  mapping: z.object({ method: mappingMethodSchema, confidence: z.number(), matched: z.string() }),
  role: alertRoleSchema,
  primaryId: z.string().describe('the alert it stands behind; its own id for a primary'),
  reason: z.string().describe('why it has this role'),
  cluster: z.number().int().nullable().describe('kind of alert; null without a model'),
  clusterConfidence: z.number().nullable(),
  outlier: z.boolean(),
});
export type AlertGroupMember = z.infer<typeof alertGroupMemberSchema>;

export const groupSubgraphSchema = z.object({
  nodes: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string().nullable(),
      tier: z.number().nullable(),
      team: z.string().nullable(),
      criticality: z.number().nullable(),
      alerts: z.number().int().describe('0 for a service that only lies between alerting ones'),
      severity: alertSeveritySchema.nullable(),
      firstAt: timestamp.nullable(),
      causeScore: z.number().nullable().describe('null when it is no candidate'),
      isRoot: z.boolean().describe('the likeliest cause'),
    }),
  ),
  edges: z
    .array(
      z.object({
        source: z.string(),
        target: z.string(),
        kind: z.string().nullable(),
        weight: z.number(),
      }),
    )
    .describe('source depends on target'),
  leftOut: z.number().int().describe('alerting services beyond what is drawn'),
});
export type GroupSubgraph = z.infer<typeof groupSubgraphSchema>;

export const groupCauseSchema = z.object({
  id: z.string(),
  name: z.string(),
  score: z.number(),
  reasons: z.array(z.string()),
});
export const groupLinkSchema = z.object({
  alertId: z.string(),
  alertName: z.string(),
  service: z.string().nullable(),
  otherAlertId: z.string(),
  otherAlertName: z.string(),
  otherService: z.string().nullable(),
  distance: z.number().describe('dependencies between the two services; 0 for the same, −1 where none'),
  minutes: z.number().describe('between the starts'),
  score: z.number(),
  why: z.string(),
});
export const groupChangeSchema = z.object({
  id: z.string(),
  kind: z.string(),
  service: z.string().nullable(),
  title: z.string(),
  at: timestamp,
  minutesBefore: z.number().describe('before the first alert of the group; negative when after it'),
});
export const groupFeedbackEntrySchema = z.object({
  feedbackId: z.string(),
  kind: z.enum(['confirm', 'split', 'merge', 'wrong-cause']),
  author: z.string(),
  note: z.string().nullable(),
  at: timestamp,
  alertIds: z.array(z.string()).describe('of a split: the alerts that do not belong'),
  otherGroupId: z.string().nullable().describe('of a merge'),
  cause: z.string().nullable().describe('of a wrong cause: the service that it was'),
});
export type GroupFeedbackEntry = z.infer<typeof groupFeedbackEntrySchema>;

export const alertGroupDetailSchema = alertGroupSummarySchema.omit({ rank: true }).extend({
  runId: z.string(),
  runAt: timestamp,
  closedBecause: z
    .string()
    .nullable()
    .describe('why it is over although nobody ended all of its alerts; null for any other'),
  rank: z.number().int().describe('place among the groups of its run, from 1'),
  members: z.array(alertGroupMemberSchema).describe('primaries first, then in order of their start'),
  subgraph: groupSubgraphSchema,
  causes: z.array(groupCauseSchema).describe('likeliest first'),
  evidence: z.array(groupLinkSchema).describe('why these alerts are together: the strongest links'),
  changes: z.array(groupChangeSchema).describe('deployments and other changes near its start'),
  said: z.array(groupFeedbackEntrySchema).describe('what people said, newest first'),
});
export type AlertGroupDetail = z.infer<typeof alertGroupDetailSchema>;

export const groupTimelineQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostMembers).default(300),
});
export const groupTimelineSchema = z.object({
  id: alertGroupIdSchema,
  name: z.string(),
  from: timestamp,
  to: timestamp,
  bucketSeconds: z.number().int(),
  buckets: z
    .array(
      z.object({
        at: timestamp,
        alerts: z.number().int().describe('that started in it'),
        critical: z.number().int(),
        high: z.number().int(),
        warning: z.number().int(),
        other: z.number().int(),
      }),
    )
    .describe('every bucket from the first to the last, empty ones too'),
  services: z
    .array(
      z.object({
        id: z.string().nullable().describe('null for alerts of no known service'),
        name: z.string(),
        firstAt: timestamp,
        lastAt: timestamp,
        endedAt: timestamp.nullable().describe('null while an alert of it lasts'),
        alerts: z.number().int(),
        severity: alertSeveritySchema,
        isRoot: z.boolean(),
      }),
    )
    .describe('in the order in which the storm reached them'),
  events: z
    .array(
      z.object({
        at: timestamp,
        kind: z.enum(['alert', 'resolved', 'change', 'feedback']),
        text: z.string(),
        alertId: z.string().nullable(),
        service: z.string().nullable(),
        severity: alertSeveritySchema.nullable(),
        role: alertRoleSchema.nullable(),
      }),
    )
    .describe('in order of time; duplicates are counted in the buckets alone'),
  eventsLeftOut: z.number().int(),
});
export type GroupTimeline = z.infer<typeof groupTimelineSchema>;

const feedbackBase = { author: nameSchema, note: z.string().trim().max(2_000).optional() };
export const groupFeedbackBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('confirm'), ...feedbackBase }),
  z.strictObject({
    kind: z.literal('split'),
    ...feedbackBase,
    /** Members that belong elsewhere: they are kept apart from the rest of the group from now on. */
    alertIds: z.array(z.string().min(1).max(500)).min(1).max(mostSplitAlerts),
  }),
  z.strictObject({ kind: z.literal('merge'), ...feedbackBase, otherGroupId: alertGroupIdSchema }),
  z.strictObject({
    kind: z.literal('wrong-cause'),
    ...feedbackBase,
    /** Id of the service that it was, when that is known. */
    cause: nameSchema.optional(),
  }),
]);
export type GroupFeedbackBody = z.infer<typeof groupFeedbackBodySchema>;
export const groupFeedbackAnswerSchema = groupFeedbackEntrySchema.extend({
  groupId: alertGroupIdSchema,
  effect: z.string().describe('what it changes from the next run on'),
});
export type GroupFeedbackAnswer = z.infer<typeof groupFeedbackAnswerSchema>;

export const groupPreviewBodySchema = z.strictObject({
  days: z.number().int().min(1).max(longestPreviewDays).default(7),
  settings: z
    .strictObject({
      TIME_WINDOW_MINUTES: z.number().int().min(1).max(1_440).optional(),
      MIN_MATCH_SCORE: z.number().min(0).max(100).optional(),
    })
    .refine((settings) => Object.keys(settings).length > 0, 'name at least one setting'),
});
export type GroupPreviewBody = z.infer<typeof groupPreviewBodySchema>;

const previewSideSchema = z.object({
  settings: z.record(z.string(), z.number()),
  alerts: z.number().int(),
  groups: z.number().int(),
  largestGroup: z.number().int(),
  primaries: z.number().int(),
  unmapped: z.number().int(),
  noiseReduction: z.number().nullable(),
});
const previewGroupSchema = z.object({
  name: z.string(),
  alerts: z.number().int(),
  startedAt: timestamp,
  rootCause: z.string().nullable(),
});
export const groupPreviewSchema = z.object({
  from: timestamp,
  to: timestamp,
  before: previewSideSchema.describe('with the settings as they are'),
  after: previewSideSchema.describe('with the settings as proposed'),
  sameGroups: z.number().int().describe('groups that would have been exactly the same'),
  movedAlerts: z.number().int().describe('alerts whose group would have had other members'),
  differing: z
    .array(
      z.object({
        kind: z.enum(['split', 'merged', 'changed']),
        before: z.array(previewGroupSchema),
        after: z.array(previewGroupSchema),
      }),
    )
    .describe('largest first'),
  differingLeftOut: z.number().int(),
});
export type GroupPreview = z.infer<typeof groupPreviewSchema>;

export const alertGroupOperations = {
  alertGroups: {
    id: 'alertGroups',
    method: 'GET',
    route: 'api/alert-groups',
    summary: 'Alert storms folded into groups, most important first.',
    access: 'function',
    query: alertGroupListQuerySchema,
    answer: alertGroupListSchema,
  },
  alertGroupPreview: {
    id: 'alertGroupPreview',
    method: 'POST',
    route: 'api/alert-groups/preview',
    summary: 'What changed settings would have made of the alerts of the last days. Nothing is stored.',
    access: 'function',
    body: groupPreviewBodySchema,
    answer: groupPreviewSchema,
  },
  alertGroupDetail: {
    id: 'alertGroupDetail',
    method: 'GET',
    route: 'api/alert-groups/{id}',
    summary: 'One group: members with their roles, subgraph, likely causes, evidence, changes, feedback.',
    access: 'function',
    params: alertGroupParamsSchema,
    query: alertGroupDetailQuerySchema,
    answer: alertGroupDetailSchema,
  },
  alertGroupFeedback: {
    id: 'alertGroupFeedback',
    method: 'POST',
    route: 'api/alert-groups/{id}/feedback',
    summary: 'Confirms, splits or merges a group, or says that its cause is wrong; later runs follow.',
    access: 'function',
    params: alertGroupParamsSchema,
    body: groupFeedbackBodySchema,
    answer: groupFeedbackAnswerSchema,
  },
  alertGroupTimeline: {
    id: 'alertGroupTimeline',
    method: 'GET',
    route: 'api/alert-groups/{id}/timeline',
    summary: 'How the storm of a group went over time and from service to service.',
    access: 'function',
    params: alertGroupParamsSchema,
    query: groupTimelineQuerySchema,
    answer: groupTimelineSchema,
  },
} as const satisfies Record<string, Operation>;
