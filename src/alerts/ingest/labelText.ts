import { flatLabels } from './labels';

/** Labels in one cell of a file: JSON, Prometheus' own notation, or `team=shop; env=prod` with any usual separator. */

/** @returns undefined when the text begins as JSON or `{…}` and is neither. */
export function parseLabelText(text: string): [string, string][] | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  if (trimmed.startsWith('{') || trimmed.startsWith('[')) {
    const value = jsonOf(trimmed);
    if (Array.isArray(value)) return value.flatMap((tag) => tagOf(tag));
    if (value !== undefined) return typeof value === 'object' ? flatLabels(value) : undefined;
    if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  }
  const inside = trimmed.startsWith('{') ? trimmed.slice(1, -1) : trimmed;
  return pairsOf(inside);
}

/** `env:prod` as Datadog writes tags; one without a value has an empty one. */
export function tagOf(tag: unknown): [string, string][] {
  if (typeof tag !== 'string') return flatLabels(tag);
  const text = tag.trim();
  if (text === '') return [];
  const at = text.indexOf(':');
  return at < 1 ? [[text, '']] : [[text.slice(0, at), text.slice(at + 1)]];
}

/** Name, `=` or `:`, value, and a separator; a value in quotes may hold any of them. One pass over the text. */
function pairsOf(text: string): [string, string][] | undefined {
  const found: [string, string][] = [];
  let at = 0;
  while (at < text.length) {
    const nameEnd = indexOfAny(text, '=:,;|', at);
    const name = text.slice(at, nameEnd).trim();
    at = nameEnd + 1;
    let value = '';
    if (text[nameEnd] === '=' || text[nameEnd] === ':') {
      let first = at;
      while (text[first] === ' ' || text[first] === '\t') first++;
      const quoteEnd = text[first] === '"' ? closingQuote(text, first) : first;
      if (quoteEnd === -1) return undefined;
      const end = indexOfAny(text, ',;|', quoteEnd);
      value = text[first] === '"' ? unquoted(text.slice(first, quoteEnd)) : text.slice(at, end).trim();
      at = end + 1;
    }
    if (name !== '') found.push([name, value]);
    else if (value !== '') return undefined;
  }
  return found;
}

function indexOfAny(text: string, characters: string, from: number): number {
  let at = from;
  while (at < text.length && !characters.includes(text[at]!)) at++;
  return at;
}

/** Behind the quote that ends what begins at `from`; -1 when none does. */
function closingQuote(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Then it may be Prometheus' notation; what it is not either, the caller says.
    return undefined;
  }
}
