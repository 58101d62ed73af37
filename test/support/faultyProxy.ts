import { once } from 'node:events';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach } from '@jest/globals';

/**
 * What happens to a request on its way: it arrives; it is cut off before it arrives; it arrives and its answer is
 * lost; it stays unanswered; its answer stops half way and the connection stays open; or the proxy answers in
 * storage's place.
 */
export type Fate =
  'pass' | 'cut' | 'lose' | 'hang' | 'stall' | { status: number; headers?: Record<string, string> };

export interface FaultyProxy {
  /** The same account, reached through the proxy. */
  readonly connectionString: string;
  /** Decides on each request, given its method and number from 1. By default all pass. */
  fate: (method: string, number: number) => Fate | Promise<Fate>;
  readonly requests: string[];
}

/** Puts a line with faults of our choice between the storage SDKs and a real Azurite. */
export function faultyProxies(): (
  connectionString: string,
  service?: 'Blob' | 'Queue',
) => Promise<FaultyProxy> {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (connectionString, service = 'Blob') => {
    const endpoint = new URL(new RegExp(`${service}Endpoint=([^;]+)`).exec(connectionString)![1]!);
    const sockets = new Set<Socket>();
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      proxy.requests.push(`${request.method} ${request.url}`);
      const fate = await proxy.fate(request.method ?? '', proxy.requests.length);
      if (fate === 'hang') return;
      if (fate === 'cut') return void request.socket.destroy();
      if (typeof fate === 'object') {
        response.writeHead(fate.status, fate.headers);
        return void response.end();
      }
      const onward = send({
        host: endpoint.hostname,
        port: endpoint.port,
        method: request.method,
        path: request.url,
        headers: request.headers,
      });
      onward.end(Buffer.concat(chunks));
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      const body: Buffer[] = [];
      for await (const chunk of answer) body.push(chunk as Buffer);
      if (fate === 'lose') return void request.socket.destroy();
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      const whole = Buffer.concat(body);
      if (fate === 'stall') response.write(whole.subarray(0, Math.ceil(whole.length / 2)));
      else response.end(whole);
    };
    const server = createServer((request, response) => void handle(request, response));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    const { port } = server.address() as AddressInfo;
    const proxy: FaultyProxy = {
      connectionString: connectionString.replace(endpoint.host, `127.0.0.1:${port}`),
      fate: () => 'pass',
      requests: [],
    };
    return proxy;
  };
}
