import { z } from 'zod';
import type { AlertCandidate } from '../candidate';
import { flatLabels } from '../labels';
import { resourceOf, serviceOf } from './labelRoles';
import { decodeRecord, ignoredEntry, looseText, type DecodedBody } from './shapeDecoder';

/** PagerDuty's two forms: events of v3 webhooks ("Webhooks Overview") and of the Events API v2 ("Send an Alert Event"). */

const reference = z.looseObject({ id: looseText, summary: looseText }).nullish();
const incidentSchema = z.looseObject({
  id: z.string().min(1),
  type: z.literal('incident'),
  html_url: looseText,
  number: looseText,
  status: looseText,
  incident_key: looseText,
  created_at: z.unknown().optional(),
  resolved_at: z.unknown().optional(),
  title: looseText,
  service: reference,
  teams: z.array(reference).nullish(),
  priority: reference,
  urgency: looseText,
});
const webhookSchema = z.looseObject({
  event: z.looseObject({
    event_type: z.string(),
    occurred_at: z.unknown().optional(),
    data: incidentSchema,
  }),
});

export function isPagerDutyWebhook(value: unknown): boolean {
  const event = recordOf(recordOf(value)?.['event']);
  return typeof event?.['event_type'] === 'string' && 'data' in event;
}

/** An incident that was reopened is a new firing: what is resolved stays resolved. */
const reopened = 'incident.reopened';

export function decodePagerDutyWebhook(value: unknown): DecodedBody {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  const entries = records.map((record, index) => {
    const event = recordOf(recordOf(record)?.['event']);
    const type = recordOf(event?.['data'])?.['type'];
    return typeof event?.['event_type'] === 'string' && type !== 'incident'
      ? ignoredEntry(index, record, `an event ${event['event_type']} is about no incident`)
      : decodeRecord(index, record, webhookSchema, incidentCandidate);
  });
  return { entries, notes: [] };
}

function incidentCandidate({ event }: z.output<typeof webhookSchema>): AlertCandidate {
  const { data, event_type: type, occurred_at: occurredAt } = event;
  const resolved = data.status === 'resolved';
  const isReopened = type === reopened;
  return {
    source: 'pagerduty',
    id: isReopened ? `pagerduty:${data.id}@${String(occurredAt)}` : `pagerduty:${data.id}`,
    fingerprint: data.incident_key ? `pagerduty:${data.incident_key}` : undefined,
    name: data.title,
    service: data.service?.summary ?? data.service?.id,
    severity: data.priority?.summary ?? data.urgency,
    status: data.status,
    startsAt: isReopened ? occurredAt : data.created_at,
    endsAt: resolved ? (data.resolved_at ?? occurredAt) : undefined,
    saidAt: occurredAt,
    labels: flatLabels({ team: data.teams?.[0]?.summary }),
    attributes: flatLabels({
      incident_number: data.number,
      incident_url: data.html_url,
      urgency: data.urgency,
      service_id: data.service?.id,
    }),
  };
}

const eventSchema = z.looseObject({
  event_action: z.enum(['trigger', 'acknowledge', 'resolve']),
  dedup_key: looseText,
  client_url: looseText,
  payload: z
    .looseObject({
      summary: looseText,
      source: looseText,
      severity: looseText,
      timestamp: z.unknown().optional(),
      component: looseText,
      group: looseText,
      class: looseText,
      custom_details: z.unknown().optional(),
    })
    .nullish(),
});

export function isPagerDutyEvent(value: unknown): boolean {
  const record = recordOf(value);
  return record !== undefined && 'event_action' in record && ('routing_key' in record || 'payload' in record);
}

export function decodePagerDutyEvents(value: unknown): DecodedBody {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  return {
    entries: records.map((record, index) => decodeRecord(index, record, eventSchema, eventCandidate)),
    notes: [],
  };
}

function eventCandidate(event: z.output<typeof eventSchema>): AlertCandidate {
  const { payload } = event;
  const custom = flatLabels(payload?.custom_details);
  const action = event.event_action;
  return {
    source: 'pagerduty-events',
    fingerprint: event.dedup_key,
    // Only the first of an alert's events has to carry its words.
    name: payload?.summary ?? event.dedup_key,
    service: serviceOf(custom) ?? payload?.component ?? payload?.group,
    resource: payload?.source ?? resourceOf(custom),
    severity: payload?.severity,
    status: action === 'trigger' ? 'firing' : action,
    ...(action === 'resolve' ? { endsAt: payload?.timestamp } : {}),
    saidAt: payload?.timestamp,
    labels: flatLabels({ component: payload?.component, group: payload?.group, class: payload?.class }),
    attributes: [...custom, ...flatLabels({ client_url: event.client_url })],
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
