import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProgrammingModel } from '../app/functionsCore';
import { limitedBody } from './requestBody';

/** The process's own `http`: the one that `@azure/functions` uses, also under a test sandbox. */
const http = process.getBuiltinModule('node:http');

export interface HandedRequest {
  readonly invocationId: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Largest body in bytes. */
  readonly limit: number;
}

/** Hands requests to `@azure/functions` so that bodies stream in both directions. */
export interface HttpStreaming {
  /** Returns what tells the status to answer with should the function fail. */
  hand(handed: HandedRequest): () => number;
}

/**
 * An app that called `app.setup({ enableHttpStream: true })` makes `@azure/functions` open an HTTP server of its
 * own (src/http/httpProxy.ts), to which the real host forwards each request under its invocation's id. In one
 * process that detour is not needed, and its server would listen on every address of the machine. So the server
 * is caught when it is created, never listens, and is handed the requests as they are.
 *
 * @returns undefined when the app did not ask for streaming.
 */
export async function startStreaming(model: ProgrammingModel): Promise<HttpStreaming | undefined> {
  const caught: EventEmitter[] = [];
  const original = http.createServer;
  http.createServer = (...parameters: []) => {
    const server = original(...parameters);
    server.listen = ((ready: () => void) => {
      server.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: 1 });
      queueMicrotask(ready);
      return server;
    }) as typeof server.listen;
    caught.push(server);
    return server;
  };
  try {
    await model.getCapabilities?.({});
  } finally {
    http.createServer = original;
  }
  const [server] = caught;
  if (!server) return undefined;
  return {
    hand: ({ invocationId, request, response, url, limit }) => {
      let failureStatus = 500;
      const body = limitedBody(request, limit, () => {
        failureStatus = 413;
      });
      const headers = {
        ...request.headers,
        'x-ms-invocation-id': invocationId,
        'x-forwarded-host': url.host,
        'x-forwarded-proto': 'http',
      };
      const { method } = request;
      const handed = Object.assign(body, { method, headers, url: url.pathname + url.search });
      server.emit('request', handed, response);
      return () => failureStatus;
    },
  };
}
