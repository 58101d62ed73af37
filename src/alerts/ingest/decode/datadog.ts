import { z } from 'zod';
import type { AlertCandidate } from '../candidate';
import { flatLabels } from '../labels';
import { tagOf } from '../labelText';
import { firstOf, resourceOf, serviceOf } from './labelRoles';
import { decodeRecord, looseText, type DecodedBody } from './shapeDecoder';

/**
 * Datadog's webhooks (Datadog, "Webhooks"): the payload that it sends unless told otherwise, and payloads of one's own
 * whose fields have the names of its variables: `$ALERT_TRANSITION` as `alert_transition`.
 */
const schema = z.looseObject({
  id: looseText,
  title: looseText,
  event_title: looseText,
  alert_title: looseText,
  body: looseText,
  event_msg: looseText,
  text_only_msg: looseText,
  date: z.unknown().optional(),
  event_type: looseText,
  alert_id: looseText,
  alert_cycle_key: looseText,
  aggreg_key: looseText,
  alert_transition: looseText,
  alert_type: looseText,
  alert_priority: looseText,
  priority: looseText,
  alert_scope: looseText,
  alert_metric: looseText,
  alert_status: looseText,
  hostname: looseText,
  link: looseText,
  tags: z.union([z.string(), z.array(z.unknown())]).nullish(),
});
type Event = z.output<typeof schema>;

const ownNames = ['alert_transition', 'alert_cycle_key', 'aggreg_key', 'alert_scope'];

export function isDatadog(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const isDefault = 'event_type' in value && 'last_updated' in value && 'title' in value;
  return isDefault || ownNames.some((name) => name in value);
}

export function decodeDatadog(value: unknown): DecodedBody {
  const records: readonly unknown[] = Array.isArray(value) ? value : [value];
  return {
    entries: records.map((record, index) => decodeRecord(index, record, schema, candidateOf)),
    notes: [],
  };
}

/** `[Triggered on {host:web-1}] Disk is full`, `[Recovered] …`, `[P2] [Warn] …`: words before the name. */
const prefix = /^\s*\[([^\]]{0,500})\]\s*/;
/** Priority, transition, and what a team writes before its titles. */
const mostPrefixes = 8;
const recovered = /^recovered/i;

function candidateOf(event: Event): AlertCandidate {
  const { name, words } = titleOf(event.alert_title ?? event.title ?? event.event_title ?? '');
  const state = (event.alert_transition ?? words.find((word) => transition.test(word)) ?? '').trim();
  const over = recovered.test(state) || (state === '' && event.alert_type?.toLowerCase() === 'success');
  const scope = words.map((word) => /\{([^}]*)\}/.exec(word)?.[1]).find((found) => found !== undefined);
  const tags = tagsOf(event.tags);
  const labels = [
    ...tagsOf(event.alert_scope ?? scope),
    ...tags,
    ...flatLabels({ metric: event.alert_metric, monitor: event.alert_id }),
  ];
  return {
    source: 'datadog',
    id: event.alert_cycle_key ? `datadog:${event.alert_cycle_key}` : undefined,
    fingerprint: fingerprintOf(event, scope),
    name,
    service: serviceOf(labels),
    resource: resourceOf(labels) ?? event.hostname,
    severity:
      event.alert_priority ??
      words.find((word) => /^p[1-5]$/i.test(word)) ??
      firstOf(labels, ['severity']) ??
      (over ? undefined : (event.alert_type ?? (/warn/i.test(state) ? 'warning' : undefined))),
    status: over ? 'resolved' : 'firing',
    ...(over ? { endsAt: event.date } : {}),
    saidAt: event.date,
    description: event.text_only_msg ?? event.event_msg ?? event.body,
    labels,
    attributes: flatLabels({
      event_id: event.id,
      link: event.link,
      alert_status: event.alert_status,
      event_type: event.event_type,
    }),
  };
}

const transition = /^(?:re-)?(?:triggered|warn|no data|recovered)|^renotify/i;

function titleOf(title: string): { readonly name: string; readonly words: readonly string[] } {
  const words: string[] = [];
  let rest = title;
  for (let found = prefix.exec(rest); found && words.length < mostPrefixes; found = prefix.exec(rest)) {
    words.push(found[1]!);
    rest = rest.slice(found[0].length);
  }
  return { name: rest.trim(), words };
}

/** The monitor and what of it fires; else the key that Datadog puts events together by. */
function fingerprintOf(event: Event, scope: string | undefined): string | undefined {
  const of = event.alert_scope ?? scope;
  if (event.alert_id && of !== undefined) return `datadog:${event.alert_id}:${of}`;
  return event.aggreg_key ? `datadog:${event.aggreg_key}` : undefined;
}

function tagsOf(tags: string | readonly unknown[] | null | undefined): [string, string][] {
  if (tags === null || tags === undefined) return [];
  const list: readonly unknown[] = typeof tags === 'string' ? tags.split(',') : tags;
  return list.flatMap(tagOf);
}
