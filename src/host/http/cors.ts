import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendEmpty } from './httpResponse';

/** Cross-origin rules of local.settings.json (`Host.CORS`, `Host.CORSCredentials`), as Core Tools applies them. */
export class CrossOrigin {
  readonly #origins: ReadonlySet<string>;
  readonly #credentials: boolean;

  constructor(origins: string | undefined, credentials: boolean) {
    this.#origins = new Set(
      (origins ?? '')
        .split(',')
        .map((origin) => origin.trim().replace(/\/$/, ''))
        .filter(Boolean),
    );
    this.#credentials = credentials;
  }

  /** Adds the headers; true when the request was a preflight and is answered with that. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const { origin } = request.headers;
    if (this.#origins.size === 0 || origin === undefined) return false;
    const any = this.#origins.has('*');
    if (!any && !this.#origins.has(origin)) return false;
    response.setHeader('access-control-allow-origin', any && !this.#credentials ? '*' : origin);
    if (!any || this.#credentials) response.appendHeader('vary', 'origin');
    // Credentials for every origin would let any page act as the user: only named origins get them.
    if (this.#credentials && !any) response.setHeader('access-control-allow-credentials', 'true');
    const wanted = request.headers['access-control-request-method'];
    if (request.method !== 'OPTIONS' || wanted === undefined) return false;
    response.setHeader('access-control-allow-methods', wanted);
    const headers = request.headers['access-control-request-headers'];
    if (headers !== undefined) response.setHeader('access-control-allow-headers', headers);
    sendEmpty(response, 204);
    return true;
  }
}
