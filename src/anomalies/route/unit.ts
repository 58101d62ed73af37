/**
 * What a request is routed by. The same unit always meets the same model while the weights stand: a user through a
 * header or a cookie, an instance by its name.
 */
export const unitHeader = 'x-quarterdeck-unit';
export const unitCookie = 'quarterdeck_unit';
const longestUnit = 200;

export interface RoutingUnit {
  readonly unit: string;
  /** Cookie that makes the next request of the same caller come out alike; undefined when it came with one. */
  readonly setCookie: string | undefined;
}

/**
 * @param instance name of the instance that the rows are of, when the request says so
 * @param newId makes a unit for callers that bring none
 */
export function unitOf(
  headers: { get(name: string): string | null },
  instance: string | undefined,
  newId: () => string,
): RoutingUnit {
  const given = headers.get(unitHeader)?.trim() || cookieValue(headers.get('cookie')) || instance;
  if (given) return { unit: given.slice(0, longestUnit), setCookie: undefined };
  const unit = newId();
  return { unit, setCookie: `${unitCookie}=${unit}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax` };
}

function cookieValue(header: string | null): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === unitCookie) return pair.slice(at + 1).trim() || undefined;
  }
  return undefined;
}
