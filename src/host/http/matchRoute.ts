import type { RouteParameter, RouteSegment, RouteTemplate } from './routeTemplate';

export type RouteValues = ReadonlyMap<string, string>;

/** The values of a template's parameters for a decoded path, or undefined when it does not match. */
export function matchRoute(template: RouteTemplate, path: string): RouteValues | undefined {
  const values = new Map<string, string>();
  const parts = path.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  let index = 0;
  for (const segment of template.segments) {
    const only = segment.length === 1 ? segment[0] : undefined;
    if (only && 'parameter' in only && only.parameter.catchAll) {
      const rest = path
        .split('/')
        .slice(index + 1)
        .join('/');
      return setValue(values, only.parameter, rest === '' ? undefined : rest) ? values : undefined;
    }
    const text = parts[index];
    index += 1;
    if (text === undefined) {
      if (!only || !('parameter' in only) || !setValue(values, only.parameter, undefined)) return undefined;
    } else if (text === '' || !matchSegment(segment, text, values)) return undefined;
  }
  return index < parts.length ? undefined : values;
}

function matchSegment(segment: RouteSegment, text: string, values: Map<string, string>): boolean {
  const [only] = segment;
  if (segment.length === 1 && only) {
    return 'literal' in only ? sameText(only.literal, text) : setValue(values, only.parameter, text);
  }
  const match = segmentPattern(segment).exec(text);
  if (!match) return false;
  let group = 1;
  return segment.every((part) => 'literal' in part || setValue(values, part.parameter, match[group++]));
}

function setValue(values: Map<string, string>, parameter: RouteParameter, text: string | undefined): boolean {
  const value = text ?? parameter.defaultValue;
  if (value === undefined) return parameter.optional || parameter.catchAll;
  if (!parameter.constraints.every((constraint) => constraint(value))) return false;
  values.set(parameter.name, value);
  return true;
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && a.toLowerCase() === b.toLowerCase();
}

const patterns = new WeakMap<RouteSegment, RegExp>();

/** `{name}.{extension?}` as an expression; earlier parameters take as much as they can, as in ASP.NET. */
function segmentPattern(segment: RouteSegment): RegExp {
  const known = patterns.get(segment);
  if (known) return known;
  let source = '';
  for (const part of segment) {
    if ('literal' in part) source += part.literal.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    else if (part.parameter.optional) source = `${source.replace(/\\\.$/, '')}(?:\\.(.+))?`;
    else source += '(.+)';
  }
  const pattern = new RegExp(`^${source}$`, 'is');
  patterns.set(segment, pattern);
  return pattern;
}
