/** The fields of an alert as files and plain JSON name them: ours, and the spellings of monitoring systems. */

export const alertFields = [
  'alert_id',
  'alert_name',
  'service',
  'resource',
  'severity',
  'status',
  'start_time',
  'end_time',
  'description',
  'labels',
  'source',
  'fingerprint',
] as const;
export type AlertField = (typeof alertFields)[number];

/** Name in the document by field of ours; what is absent has none. */
export type AlertFieldMap = Readonly<Partial<Record<AlertField, string>>>;

/** Compared without case, blanks and signs. The first one that a document has is taken. */
const spellings: Readonly<Record<AlertField, readonly string[]>> = {
  alert_id: ['id', 'alert key', 'event id', 'incident id', 'uuid'],
  alert_name: [
    'name',
    'alertname',
    'alert',
    'rule',
    'rule name',
    'alert rule',
    'title',
    'check',
    'alarm name',
  ],
  service: ['service name', 'app', 'application', 'component', 'job'],
  resource: ['resource name', 'instance', 'host', 'hostname', 'node', 'pod', 'server', 'entity', 'object'],
  severity: ['priority', 'level', 'criticality', 'urgency'],
  status: ['state', 'alert status', 'alert state'],
  start_time: [
    'starts at',
    'start',
    'started at',
    'fired at',
    'triggered at',
    'opened at',
    'created at',
    'timestamp',
    'time',
    'date',
    'occurred at',
    'event time',
    'fired date time',
  ],
  end_time: [
    'ends at',
    'end',
    'ended at',
    'resolved at',
    'closed at',
    'cleared at',
    'resolved',
    'resolved date time',
  ],
  description: ['summary', 'message', 'details', 'text', 'body', 'annotations'],
  labels: ['tags', 'label', 'dimensions', 'attributes'],
  source: ['monitoring system', 'tool', 'provider', 'origin'],
  fingerprint: ['dedup key', 'deduplication key', 'alert fingerprint', 'aggregation key'],
};

const roles: readonly (readonly [AlertField, readonly string[]])[] = alertFields.map((field) => [
  field,
  [field, ...spellings[field]].map(normalName),
]);

/** Which of `names` plays which part, beside those that are known already. */
export function mapAlertFields(names: readonly string[], known: AlertFieldMap = {}): AlertFieldMap {
  const result: Partial<Record<AlertField, string>> = { ...known };
  const taken = new Set(Object.values(result));
  const byNormal = new Map<string, string>();
  for (const name of names) {
    const normal = normalName(name);
    if (!taken.has(name) && !byNormal.has(normal)) byNormal.set(normal, name);
  }
  for (const [field, called] of roles) {
    if (result[field] !== undefined) continue;
    const found = called.find((spelling) => byNormal.has(spelling));
    if (found === undefined) continue;
    result[field] = byNormal.get(found)!;
    byNormal.delete(found);
  }
  return result;
}

/** The field that a name means, whether it is ours or a usual spelling of it. */
export function alertFieldOf(name: string): AlertField | undefined {
  const normal = normalName(name);
  return (
    alertFields.find((field) => normalName(field) === normal) ??
    roles.find(([, called]) => called.includes(normal))?.[0]
  );
}

export function normalName(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
