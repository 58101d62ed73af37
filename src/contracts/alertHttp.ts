import { z } from 'zod';
import type { Operation } from './api';
import { changeKindSchema } from './change';
import { labelMatcherSchema } from './maintenance';

/** Alerts, the service graph, maintenance windows and changes as they come in over HTTP. */

const timestamp = z.string().describe('UTC, ISO 8601 with microseconds');
const givenTime = z
  .string()
  .min(1)
  .max(64)
  .describe('ISO 8601; without a zone it is read in ALERT_TIME_ZONE');
const name = z.string().trim().min(1).max(200);
const names = z.array(name).max(200);

/** How a body of alerts can be written; content decides, or `format`. */
export const alertShapes = [
  'alertmanager',
  'grafana',
  'azure-monitor',
  'cloudwatch',
  'pagerduty',
  'pagerduty-events',
  'datadog',
  'plain',
] as const;
export const alertShapeSchema = z.enum(alertShapes);
export type AlertShape = z.infer<typeof alertShapeSchema>;

export const receiveAlertsQuerySchema = z.strictObject({
  format: alertShapeSchema.optional().describe('how the body is written, where its content does not tell'),
  source: name.optional().describe('name of the sending system, where several of one kind send'),
});

export const alertReceiptSchema = z.object({
  batchId: z.string().describe('the same for the same batch, however often it is sent'),
  shape: alertShapeSchema.describe('how the body was understood'),
  status: z
    .enum(['stored', 'queued'])
    .describe('`queued`: received and safe, to be worked through within the next minutes'),
  arrivedAt: timestamp,
  records: z.number().int().describe('alerts, or events, found in the body'),
  accepted: z.number().int().describe('of them, stored'),
  ignored: z.number().int().describe('of them, events that say nothing of an alert'),
  rejected: z
    .array(
      z.object({
        index: z.number().int().describe('position in the body, from 0'),
        code: z.string(),
        message: z.string(),
      }),
    )
    .describe('the first of those that were set aside; all of them are in the quarantine'),
  rejectedTotal: z.number().int(),
  timesWithoutZone: z.number().int().describe('times that named no zone, read in ALERT_TIME_ZONE'),
  unknownSeverities: z.number().int().describe('alerts whose severity is a word that nobody knows'),
  unknownStatuses: z.number().int().describe('alerts whose state is one; without an end they fire'),
  labelsCut: z.number().int().describe('labels over the limit of an alert; the raw record has them'),
  notes: z.array(z.string()).describe('what else the sender should know'),
});
export type AlertReceipt = z.infer<typeof alertReceiptSchema>;

const nodeSchema = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().nullable(),
  tier: z.number().nullable(),
  team: z.string().nullable(),
  criticality: z.number().nullable().describe('in [0, 1]'),
  aliases: z.array(z.string()).readonly(),
});
const edgeSchema = z.object({
  source: z.string().describe('depends on the target'),
  target: z.string(),
  kind: z.string().nullable(),
  weight: z.number(),
});

function listed<T extends z.ZodType>(
  entry: T,
): z.ZodObject<{ total: z.ZodNumber; first: z.ZodReadonly<z.ZodArray<T>> }> {
  return z.object({
    total: z.number().int(),
    first: z.array(entry).readonly().describe('at most 100 of them'),
  });
}
const ends = z.object({ source: z.string(), target: z.string() });
const atIndex = z.object({ index: z.number().int(), problem: z.string() });

export const serviceGraphReportSchema = z.object({
  nodes: z.number().int(),
  edges: z.number().int(),
  danglingEdges: listed(ends).describe('left out: an end is no node'),
  duplicateNodes: listed(z.string()).describe('made one'),
  selfLoops: listed(z.string()).describe('left out'),
  duplicateEdges: listed(ends).describe('made one, with the greatest weight'),
  cycles: listed(z.array(z.string()).readonly()).describe('services that depend on each other; kept'),
  invalidNodes: listed(atIndex).describe('left out'),
  invalidEdges: listed(atIndex).describe('left out'),
  invalidValues: listed(z.object({ where: z.string(), problem: z.string() })).describe('taken as not given'),
  endsByName: z.number().int().describe('ends of edges given as the name or alias of a node'),
  criticalityScale: z.number().describe('end of the scale on which criticality was given'),
});

export const storedGraphSchema = z.object({
  version: z.string().describe('the same for the same nodes and edges, in whatever order'),
  storedAt: timestamp,
  previous: z.string().nullable().describe('version before it'),
  report: serviceGraphReportSchema,
});

export const putGraphAnswerSchema = storedGraphSchema.extend({
  coverage: z
    .object({
      alertingServices: z.number().int(),
      inGraph: z.number().int(),
      warning: z.string().nullable().describe('when fewer than half of them are in the graph'),
    })
    .readonly()
    .describe('services that alerted in the last day'),
});

/** What the reader of graphs understands is more than a schema can say: docs/alerts-ingest.md. */
export const putServiceGraphSchema = z
  .looseObject({})
  .describe(
    '`nodes` (objects with id or name, type, tier, team, criticality; or names) and `edges` or `links`',
  );

export const serviceGraphSchema = storedGraphSchema.extend({
  nodes: z.array(nodeSchema.readonly()).readonly(),
  edges: z.array(edgeSchema.readonly()).readonly(),
});

/** A graph of 50,000 edges with long names takes a sixth of it. */
const largestGraphBytes = 64 * 1024 * 1024;

export const maintenanceWindowSchema = z.object({
  windowId: z.string(),
  reason: z.string(),
  services: z.array(z.string()).readonly(),
  teams: z.array(z.string()).readonly(),
  matchers: z.array(labelMatcherSchema).readonly(),
  startsAt: timestamp,
  endsAt: timestamp,
  createdBy: z.string(),
  createdAt: timestamp,
  endedBy: z.string().nullable(),
});

export const createMaintenanceWindowSchema = z.strictObject({
  reason: z.string().trim().min(1).max(500),
  services: names.optional().describe('ids or names of services; any of them'),
  teams: names.optional().describe('any of them'),
  matchers: z.array(labelMatcherSchema).max(50).optional().describe('labels; all of them'),
  startsAt: givenTime.optional().describe('now when not given'),
  endsAt: givenTime,
  createdBy: name,
});
export type CreateMaintenanceWindow = z.infer<typeof createMaintenanceWindowSchema>;

export const endMaintenanceWindowSchema = z.strictObject({ endedBy: name });
export type EndMaintenanceWindow = z.infer<typeof endMaintenanceWindowSchema>;
export const maintenanceWindowParamsSchema = z.strictObject({
  id: z.string().regex(/^w-[A-Za-z0-9-]{1,64}$/),
});
export const maintenanceWindowQuerySchema = z.strictObject({
  from: givenTime.optional().describe('windows that end later; now when not given'),
  to: givenTime.optional().describe('windows that begin before'),
});
export type MaintenanceWindowQuery = z.infer<typeof maintenanceWindowQuerySchema>;

export const changeEventSchema = z.object({
  changeId: z.string(),
  source: z.string(),
  kind: changeKindSchema,
  service: z.string().nullable(),
  title: z.string(),
  description: z.string(),
  version: z.string().nullable(),
  status: z.string().nullable(),
  at: timestamp,
  finishedAt: timestamp.nullable(),
  author: z.string().nullable(),
  url: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  arrivedAt: timestamp,
});

export const receiveChangesSchema = z
  .union([z.looseObject({}), z.array(z.unknown()).max(10_000)])
  .describe(
    'one change, a list, `{changes: […]}`, a deployment webhook of GitHub, or a PagerDuty change event',
  );
export const changeReceiptSchema = z.object({
  accepted: z.number().int(),
  changeIds: z.array(z.string()).describe('of those stored, in the order of the body'),
  ignored: z.number().int().describe('events that say nothing of a change'),
  rejected: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
});
export type ChangeReceipt = z.infer<typeof changeReceiptSchema>;
export const changeListQuerySchema = z.strictObject({
  from: givenTime.optional().describe('a day ago when not given'),
  to: givenTime.optional().describe('now when not given'),
  service: name.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});
export type ChangeListQuery = z.infer<typeof changeListQuerySchema>;

export const alertOperations = {
  receiveAlerts: {
    id: 'receiveAlerts',
    method: 'POST',
    route: 'api/alerts',
    summary:
      'Takes in alerts: Alertmanager, Grafana, Azure Monitor, CloudWatch by SNS, PagerDuty, Datadog, and plain.',
    access: 'function',
    query: receiveAlertsQuerySchema,
    consumes: ['application/json', 'text/plain'],
    answer: alertReceiptSchema,
  },
  putServiceGraph: {
    id: 'putServiceGraph',
    method: 'PUT',
    route: 'api/service-graph',
    summary: 'Replaces the service graph; tells what had to be corrected in it.',
    access: 'function',
    body: putServiceGraphSchema,
    largestBodyBytes: largestGraphBytes,
    answer: putGraphAnswerSchema,
  },
  serviceGraph: {
    id: 'serviceGraph',
    method: 'GET',
    route: 'api/service-graph',
    summary: 'The service graph that is current.',
    access: 'function',
    answer: serviceGraphSchema,
  },
  maintenanceWindows: {
    id: 'maintenanceWindows',
    method: 'GET',
    route: 'api/maintenance-windows',
    summary: 'Maintenance windows that hold or are to come, or that overlap a time.',
    access: 'function',
    query: maintenanceWindowQuerySchema,
    answer: z.object({ windows: z.array(maintenanceWindowSchema.readonly()).readonly() }),
  },
  createMaintenanceWindow: {
    id: 'createMaintenanceWindow',
    method: 'POST',
    route: 'api/maintenance-windows',
    summary: 'Enters a window in which alerts of services, teams or labels disturb nobody.',
    access: 'function',
    body: createMaintenanceWindowSchema,
    answer: maintenanceWindowSchema.readonly(),
  },
  endMaintenanceWindow: {
    id: 'endMaintenanceWindow',
    method: 'POST',
    route: 'api/maintenance-windows/{id}/end',
    summary: 'Ends a window now.',
    access: 'function',
    params: maintenanceWindowParamsSchema,
    body: endMaintenanceWindowSchema,
    answer: maintenanceWindowSchema.readonly(),
  },
  receiveChanges: {
    id: 'receiveChanges',
    method: 'POST',
    route: 'api/changes',
    summary: 'Takes in deployments and other changes: evidence where alerts follow.',
    access: 'function',
    body: receiveChangesSchema,
    answer: changeReceiptSchema,
  },
  changes: {
    id: 'changes',
    method: 'GET',
    route: 'api/changes',
    summary: 'Changes, newest first.',
    access: 'function',
    query: changeListQuerySchema,
    answer: z.object({ changes: z.array(changeEventSchema.readonly()).readonly() }),
  },
} as const satisfies Record<string, Operation>;
