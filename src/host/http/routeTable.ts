import type { IncomingMessage, ServerResponse } from 'node:http';
import { matchRoute, type RouteValues } from './matchRoute';
import type { RouteSegment, RouteTemplate } from './routeTemplate';

/** Who may call a function: anyone, holders of a function or host key, or of the master key. */
export type AuthorizationLevel = 'anonymous' | 'function' | 'admin';

export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the client asked for, as an absolute address. */
  readonly url: URL;
  readonly values: RouteValues;
}

export interface Route {
  readonly functionName: string;
  readonly template: RouteTemplate;
  /** Upper case. */
  readonly methods: ReadonlySet<string>;
  readonly level: AuthorizationLevel;
  /** Answers the request; never throws. */
  readonly answer: (exchange: HttpExchange) => Promise<void>;
}

/**
 * The routes of all HTTP functions, in the real host's order (azure-webjobs-sdk-extensions,
 * WebJobsRouteBuilder.cs): a literal before a parameter, a constrained one before a free one, long before short.
 * A method that a route does not name is no match, so it ends in 404 and not in 405.
 */
export class RouteTable {
  readonly #routes: Route[] = [];

  add(route: Route): void {
    this.#routes.push(route);
    this.#routes.sort((a, b) => compare(a.template.segments, b.template.segments));
  }

  /** @param path percent-decoded, beginning with a slash. */
  find(method: string, path: string): { route: Route; values: RouteValues } | undefined {
    for (const route of this.#routes) {
      if (!route.methods.has(method)) continue;
      const values = matchRoute(route.template, path);
      if (values) return { route, values };
    }
    return undefined;
  }
}

function compare(a: readonly RouteSegment[], b: readonly RouteSegment[]): number {
  for (const [index, segment] of a.entries()) {
    const other = b[index];
    if (!other) return -1;
    const [left, right] = [segment[0]!, other[0]!];
    if ('literal' in left) {
      if (!('literal' in right)) return -1;
      const order = left.literal.toLowerCase().localeCompare(right.literal.toLowerCase(), 'en');
      if (order !== 0) return order;
    } else if ('literal' in right) return 1;
    else {
      const order =
        Number(left.parameter.catchAll) - Number(right.parameter.catchAll) ||
        right.parameter.constraints.length - left.parameter.constraints.length;
      if (order !== 0) return order;
    }
  }
  return b.length > a.length ? 1 : 0;
}
