import { createHash } from 'node:crypto';
import type { Timestamp } from '../../contracts';

/** Hexadecimal digits of a digest: 128 bits, so that no two of a warehouse's alerts share one by chance. */
const digits = 32;

/** Labels that change from firing to firing, or say nothing of what fires; names without case and signs. */
const volatile = new Set([
  'annotations',
  'currentvalue',
  'date',
  'dashboardurl',
  'description',
  'endsat',
  'generatorurl',
  'labelscut',
  'lastupdated',
  'link',
  'message',
  'panelurl',
  'priority',
  'runbook',
  'runbookurl',
  'severity',
  'silenceurl',
  'startsat',
  'state',
  'status',
  'summary',
  'threshold',
  'timestamp',
  'title',
  'url',
  'value',
  'valuestring',
]);

/** The same for every firing of one condition on one resource, whatever the order of its labels. */
export function makeFingerprint(condition: {
  readonly source: string;
  readonly name: string;
  readonly service: string | null;
  readonly resource: string | null;
  readonly labels: readonly (readonly [string, string])[];
}): string {
  const { source, name, service, resource, labels } = condition;
  const identifying = labels
    .filter(([label]) => !volatile.has(label.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')))
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : 1));
  return digest([source, name, service ?? '', resource ?? '', ...identifying.flat()]);
}

/** Id of a firing whose sender has none for it. */
export function makeAlertId(source: string, fingerprint: string, startsAt: Timestamp): string {
  return `a-${digest([source, fingerprint, startsAt])}`;
}

function digest(parts: readonly string[]): string {
  const hash = createHash('sha256');
  // Lengths keep ('ab', 'c') apart from ('a', 'bc').
  hash.update(parts.map((part) => `${part.length}:${part}`).join(''));
  return hash.digest('hex').slice(0, digits);
}
