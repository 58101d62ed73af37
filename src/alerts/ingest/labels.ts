/** Labels of an alert: flat names and texts, as many as a table and a person can bear. */

/** Beyond these they are counted, not kept: the raw record holds everything. */
export const mostLabels = 200;
const longestLabelName = 200;
const longestLabelValue = 2_048;
const deepest = 4;
/** Label that tells how many more there were. */
export const cutLabel = 'labels_cut';

/** Kept first when there are too many: what enrichment and maintenance windows read. */
const wanted = new Set([
  'alertname',
  'app',
  'application',
  'cluster',
  'component',
  'container',
  'deployment',
  'env',
  'environment',
  'host',
  'instance',
  'job',
  'namespace',
  'node',
  'pod',
  'region',
  'resource',
  'service',
  'service_name',
  'severity',
  'team',
]);

/** Nested values as one flat list, names joined by dots; lists and what is nested too deep as JSON text. */
export function flatLabels(value: unknown): [string, string][] {
  const flat: [string, string][] = [];
  const walk = (prefix: string, inner: unknown, depth: number): void => {
    if (inner === undefined || inner === null) return;
    if (typeof inner === 'object' && !Array.isArray(inner) && depth < deepest) {
      for (const [name, next] of Object.entries(inner)) {
        walk(prefix === '' ? name : `${prefix}.${name}`, next, depth + 1);
      }
    } else if (prefix !== '') flat.push([prefix, textOf(inner)]);
  };
  walk('', value, 0);
  return flat;
}

/** At most `mostLabels` of them, and how many were left out. */
export function boundedLabels(entries: readonly (readonly [string, string])[]): {
  readonly labels: Record<string, string>;
  readonly cut: number;
} {
  const kept = new Map<string, string>();
  const keep = ([name, value]: readonly [string, string]): void => {
    const shortName = name.slice(0, longestLabelName);
    // What is said first of a name stays: labels before attributes.
    if (kept.size >= mostLabels || kept.has(shortName)) return;
    kept.set(shortName, value.length > longestLabelValue ? `${value.slice(0, longestLabelValue)}…` : value);
  };
  if (entries.length > mostLabels) entries.filter(([name]) => wanted.has(name.toLowerCase())).forEach(keep);
  entries.forEach(keep);
  const names = new Set(entries.map(([name]) => name.slice(0, longestLabelName)));
  const cut = names.size - kept.size;
  if (cut > 0) kept.set(cutLabel, String(cut));
  return { labels: Object.fromEntries(kept), cut };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  return JSON.stringify(value) ?? '';
}
