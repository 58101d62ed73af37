/** Nested attributes as one flat object, the form that a table's column of JSON text holds. */

export type FlatValue = string | number | boolean | null;

/** Names beyond these are counted, not kept: metadata is for filtering, the raw record holds everything. */
const mostNames = 100;
const deepest = 6;
const longestName = 200;
const longestText = 4_096;

/** Names joined by dots, lists as JSON text; what is too much is cut, and `metadata_cut` says how many names. */
export function flatten(attributes: Readonly<Record<string, unknown>>): Record<string, FlatValue> {
  const flat = new Map<string, FlatValue>();
  let cut = 0;
  const put = (name: string, value: FlatValue): void => {
    if (flat.size < mostNames) flat.set(name.slice(0, longestName), value);
    else cut++;
  };
  const walk = (prefix: string, value: unknown, depth: number): void => {
    if (typeof value === 'string') put(prefix, shortened(value));
    else if (typeof value === 'boolean' || value === null) put(prefix, value);
    else if (typeof value === 'number') put(prefix, Number.isFinite(value) ? value : String(value));
    else if (typeof value === 'bigint') put(prefix, String(value));
    else if (typeof value === 'object' && !Array.isArray(value) && depth < deepest) {
      for (const [name, inner] of Object.entries(value)) {
        walk(prefix === '' ? name : `${prefix}.${name}`, inner, depth + 1);
      }
    } else if (value !== undefined) put(prefix, shortened(JSON.stringify(value) ?? ''));
  };
  walk('', attributes, 0);
  if (cut > 0) flat.set('metadata_cut', cut);
  return Object.fromEntries(flat);
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text;
}
