import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { QuarterdeckError } from '../../contracts';
import type { HttpOptions } from '../configuration/hostJson';
import type { Log } from '../invocation/invoker';
import { answerAdmin, type AdminSubject } from './admin';
import type { CrossOrigin } from './cors';
import { sendEmpty } from './httpResponse';
import type { Keys } from './keys';
import { readTarget, type RequestTarget } from './requestTarget';
import { hasCode } from '../foreignError';
import type { RouteTable } from './routeTable';
import { Throttle } from './throttle';

/** Limits on slow or oversized clients; the defaults are Kestrel's. */
export interface HttpLimits {
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  readonly headerBytes: number;
  /** How often the two first limits are looked at. */
  readonly checkEveryMs: number;
}

export const defaultHttpLimits: HttpLimits = {
  headersTimeoutMs: 30_000,
  // Kestrel wants 240 bytes a second instead; a body of 100 MiB over a slow line gets its time here.
  requestTimeoutMs: 600_000,
  keepAliveTimeoutMs: 130_000,
  headerBytes: 32_768,
  checkEveryMs: 5_000,
};

/** A refused body is read and thrown away for this long, so that the client gets to see the answer (Kestrel). */
const drainLimitMs = 5_000;
const localNames = /^(?:localhost|(?:[\w-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

export interface HttpServerParts {
  readonly routes: RouteTable;
  readonly keys: Keys;
  readonly crossOrigin: CrossOrigin;
  readonly options: HttpOptions;
  readonly admin: AdminSubject;
  readonly limits: HttpLimits;
  readonly homepage: string | undefined;
  readonly log: Log;
}

/** The HTTP side of the host: reads the request, decides who may, finds the function. */
export class HttpServer {
  readonly #parts: HttpServerParts;
  readonly #server: Server;
  readonly #throttle: Throttle;
  #boundToLoopback = true;
  #stopping = false;

  constructor(parts: HttpServerParts) {
    this.#parts = parts;
    const { limits, options } = parts;
    this.#throttle = new Throttle(options.maxConcurrentRequests, options.maxOutstandingRequests);
    this.#server = createServer(
      {
        maxHeaderSize: limits.headerBytes,
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        connectionsCheckingInterval: limits.checkEveryMs,
      },
      (request, response) => {
        void this.#answer(request, response);
      },
    );
  }

  /** @returns the port. Throws HOST_ADDRESS_TAKEN. */
  async listen(port: number, bind: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(
          hasCode(error, 'EADDRINUSE')
            ? new QuarterdeckError(
                'HOST_ADDRESS_TAKEN',
                `port ${port} on ${bind} is taken by another process: name another with --port, or --port 0 for a free one`,
                {
                  culprit: { option: 'port' },
                  cause: error,
                },
              )
            : error,
        );
      });
      this.#server.listen(port, bind, resolve);
    });
    const { address, port: actual } = this.#server.address() as AddressInfo;
    this.#boundToLoopback = address === '::1' || address.startsWith('127.');
    return actual;
  }

  /** Takes no new connection or request. Resolves when the last one under way is answered. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  /** Cuts what is still open. */
  closeAll(): void {
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#dispatch(request, response);
    } catch (error) {
      const tooLarge = error instanceof QuarterdeckError && error.code === 'INPUT_TOO_LARGE';
      if (!tooLarge) this.#parts.log('error', `${request.method}: ${String(error)}`);
      sendEmpty(response, tooLarge ? 413 : 500);
    } finally {
      drain(request, response);
      // The connection is idle only after this turn.
      if (this.#stopping) setImmediate(() => this.#server.closeIdleConnections());
    }
  }

  async #dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { routes, keys, crossOrigin, options, homepage } = this.#parts;
    for (const [name, value] of Object.entries(options.customHeaders)) response.setHeader(name, value);
    if (this.#stopping) {
      response.setHeader('connection', 'close');
      sendEmpty(response, 503);
      return;
    }
    const target = readTarget(request.url ?? '/', request.headers.host ?? 'localhost');
    if (typeof target === 'number') {
      sendEmpty(response, target);
      return;
    }
    // Without keys, a page of another site that resolves its own name to this machine would be let in.
    if (this.#boundToLoopback && !keys.required && !localNames.test(target.url.hostname)) {
      sendEmpty(response, 421);
      return;
    }
    if (crossOrigin.handle(request, response)) return;
    if (/^\/admin(?:\/|$)/i.test(target.path)) {
      await this.#answerAdmin(request, response, target);
      return;
    }
    const found = routes.find(request.method ?? 'GET', target.path);
    if (!found) {
      if (target.path !== '/') sendEmpty(response, 404);
      else if (homepage === undefined) sendEmpty(response, 204);
      else {
        response.setHeader('content-type', 'text/html; charset=utf-8');
        response.end(homepage);
      }
      return;
    }
    const { route, values } = found;
    if (!keys.allows(route.level, route.functionName, request, target.url)) {
      sendEmpty(response, 401);
      return;
    }
    const accepted = await this.#throttle.run(() =>
      route.answer({ request, response, url: target.url, values }),
    );
    if (!accepted) sendEmpty(response, 429);
  }

  async #answerAdmin(
    request: IncomingMessage,
    response: ServerResponse,
    target: RequestTarget,
  ): Promise<void> {
    const { keys, admin } = this.#parts;
    // Without a master key only this machine may start functions by hand.
    const open = keys.required || this.#boundToLoopback;
    if (!open || !keys.allows('admin', '', request, target.url)) sendEmpty(response, 401);
    else await answerAdmin(admin, request, response, target.url, target.path);
  }
}

/** Reads on what the client still sends, or it would see a broken connection instead of the answer. */
function drain(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || request.destroyed) return;
  if (!response.headersSent) response.setHeader('connection', 'close');
  const limit = setTimeout(() => request.destroy(), drainLimitMs);
  limit.unref();
  request.once('close', () => clearTimeout(limit));
  request.resume();
}
