import { parseConstraint, type Constraint } from './routeConstraints';

/** A parameter of a route, such as `{id:int}`, `{rest?}`, `{page=1}` or `{*path}`. */
export interface RouteParameter {
  readonly name: string;
  readonly constraints: readonly Constraint[];
  readonly optional: boolean;
  readonly catchAll: boolean;
  readonly defaultValue: string | undefined;
}

export type RoutePart = { readonly literal: string } | { readonly parameter: RouteParameter };
/** What stands between two slashes: a literal, a parameter, or several of both in a row (`{name}.{extension}`). */
export type RouteSegment = readonly RoutePart[];

export interface RouteTemplate {
  readonly text: string;
  readonly segments: readonly RouteSegment[];
}

/** A template that ASP.NET would refuse; the message says why. */
export class RouteTemplateError extends Error {}

const parameterName = /^[^/{}?*=:]+$/;

/**
 * Reads a route template of ASP.NET Core (Microsoft.AspNetCore.Routing.Template.TemplateParser).
 *
 * @throws RouteTemplateError
 */
export function parseRouteTemplate(text: string): RouteTemplate {
  const trimmed = text.replace(/^~?\//, '');
  const segments: RoutePart[][] = trimmed === '' ? [] : [[]];
  let literal = '';
  const endLiteral = () => {
    if (literal !== '') segments.at(-1)!.push({ literal });
    literal = '';
  };
  for (let index = 0; index < trimmed.length; index += 1) {
    const character = trimmed[index]!;
    if ((character === '{' || character === '}') && trimmed[index + 1] === character) {
      literal += character;
      index += 1;
    } else if (character === '{') {
      endLiteral();
      const end = endOfParameter(trimmed, index + 1);
      segments.at(-1)!.push({ parameter: parseParameter(trimmed.slice(index + 1, end)) });
      index = end;
    } else if (character === '/') {
      endLiteral();
      segments.push([]);
    } else if (character === '}' || character === '?') {
      throw new RouteTemplateError(`"${character}" at position ${index} stands outside of a parameter`);
    } else literal += character;
  }
  endLiteral();
  if (segments.length > 1 && segments.at(-1)!.length === 0) segments.pop();
  check(segments);
  return { text: trimmed, segments };
}

/** Braces inside a parameter, as in a regex, are doubled. */
function endOfParameter(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const character = text[index];
    if (character !== '{' && character !== '}') continue;
    if (text[index + 1] === character) index += 1;
    else if (character === '}') return index;
    else throw new RouteTemplateError(`"{" at position ${index} stands inside of a parameter`);
  }
  throw new RouteTemplateError('a parameter is not closed');
}

function parseParameter(raw: string): RouteParameter {
  const text = raw.replaceAll('{{', '{').replaceAll('}}', '}');
  const stars = /^\*{0,2}/.exec(text)![0].length;
  let rest = text.slice(stars);
  const head = /^[^:=?]*/.exec(rest)![0];
  rest = rest.slice(head.length);
  const constraints: Constraint[] = [];
  while (rest.startsWith(':')) {
    const constraint = takeConstraint(rest.slice(1));
    const parsed = parseConstraint(constraint);
    if (!parsed) throw new RouteTemplateError(`there is no route constraint "${constraint}"`);
    constraints.push(parsed);
    rest = rest.slice(1 + constraint.length);
  }
  const optional = rest === '?';
  const defaultValue = rest.startsWith('=') ? rest.slice(1) : undefined;
  if ((rest !== '' && !optional && defaultValue === undefined) || !parameterName.test(head)) {
    throw new RouteTemplateError(`"{${raw}}" is no route parameter`);
  }
  return { name: head, constraints, optional, catchAll: stars > 0, defaultValue };
}

/** Up to the next `:`, `=` or final `?` outside of parentheses. */
function takeConstraint(text: string): string {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (depth <= 0 && (character === ':' || character === '=' || character === '?'))
      return text.slice(0, index);
  }
  return text;
}

function check(segments: readonly RouteSegment[]): void {
  const names = new Set<string>();
  for (const [index, segment] of segments.entries()) {
    if (segment.length === 0) throw new RouteTemplateError('it has an empty segment');
    for (const [position, part] of segment.entries()) {
      if (!('parameter' in part)) continue;
      const { name, catchAll, optional } = part.parameter;
      if (names.has(name.toLowerCase()))
        throw new RouteTemplateError(`parameter "${name}" stands there twice`);
      names.add(name.toLowerCase());
      if (catchAll && (segment.length > 1 || index < segments.length - 1)) {
        throw new RouteTemplateError(`"{*${name}}" takes all the rest and must be the last segment`);
      }
      if (
        optional &&
        segment.length > 1 &&
        !(position === segment.length - 1 && endsWithDot(segment[position - 1]))
      ) {
        throw new RouteTemplateError(`"{${name}?}" may follow a dot at the end of a segment only`);
      }
      const before = segment[position - 1];
      if (before && 'parameter' in before) throw new RouteTemplateError('two parameters stand side by side');
    }
  }
}

function endsWithDot(part: RoutePart | undefined): boolean {
  return part !== undefined && 'literal' in part && part.literal.endsWith('.');
}
