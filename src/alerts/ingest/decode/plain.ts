import { mapAlertFields, type AlertField } from '../alertFields';
import type { AlertCandidate, Decoded } from '../candidate';
import { flatLabels } from '../labels';
import { parseLabelText, tagOf } from '../labelText';
import { firstOf, resourceOf, serviceOf } from './labelRoles';
import { candidateEntry, refusedEntry, type DecodedBody } from './shapeDecoder';

/** One alert, a list of them, or `{alerts: […]}`, with the field names that alert files may have. */

export function plainAlerts(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return undefined;
  const inner = (value as Record<string, unknown>)['alerts'];
  return Array.isArray(inner) ? (inner as unknown[]) : [value];
}

export function decodePlain(records: readonly unknown[]): DecodedBody {
  return { entries: entriesOf(records), notes: [] };
}

function* entriesOf(records: readonly unknown[]): Generator<Decoded> {
  for (const [index, record] of records.entries()) yield decodePlainAlert(index, record);
}

function decodePlainAlert(index: number, record: unknown): Decoded {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return refusedEntry(index, record, { code: 'RECORD_MALFORMED', message: 'an alert is a JSON object' });
  }
  const object = record as Readonly<Record<string, unknown>>;
  const names = mapAlertFields(Object.keys(object));
  const field = (called: AlertField): unknown => {
    const name = names[called];
    return name === undefined ? undefined : object[name];
  };
  const labels = labelsOf(field('labels'));
  if (labels === undefined) {
    const message = 'labels are an object, a list of tags, or text with names and values';
    return refusedEntry(index, record, { code: 'LABELS_INVALID', message });
  }
  const annotations = flatLabels(object['annotations']);
  const source = field('source');
  const described = field('description');
  const candidate: AlertCandidate = {
    source: typeof source === 'string' && source.trim() !== '' ? source.trim().slice(0, 200) : 'plain',
    id: field('alert_id'),
    fingerprint: field('fingerprint'),
    name: field('alert_name') ?? firstOf(labels, ['alertname', 'name']),
    service: field('service') ?? serviceOf(labels),
    resource: field('resource') ?? resourceOf(labels),
    severity: field('severity') ?? firstOf(labels, ['severity', 'priority']),
    status: field('status'),
    startsAt: field('start_time'),
    endsAt: field('end_time'),
    // Annotations of Prometheus are an object, and among the spellings of a description.
    description:
      typeof described === 'object' && described !== null
        ? firstOf(annotations, ['description', 'message', 'summary'])
        : described,
    labels,
    attributes: [...annotations, ...others(object, Object.values(names))],
  };
  return candidateEntry(index, record, candidate);
}

/** What plays no part of its own is kept. */
function others(object: Readonly<Record<string, unknown>>, taken: readonly string[]): [string, string][] {
  const rest = Object.entries(object).filter(([name]) => !taken.includes(name) && name !== 'annotations');
  return flatLabels(Object.fromEntries(rest));
}

function labelsOf(value: unknown): [string, string][] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return parseLabelText(value);
  if (Array.isArray(value)) return value.flatMap(tagOf);
  return typeof value === 'object' ? flatLabels(value) : undefined;
}
