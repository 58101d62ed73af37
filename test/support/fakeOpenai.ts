import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach } from '@jest/globals';

export interface OpenaiCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Record<string, unknown>;
}

/** What the server does with one request; undefined leaves the socket open and silent. */
export type Answer =
  { status: number; body: unknown; headers?: Record<string, string> } | { drop: true } | undefined;

export interface FakeOpenai {
  readonly address: string;
  readonly calls: OpenaiCall[];
  /** Most requests that were open at once. */
  mostAtOnce: number;
}

/**
 * A local server that speaks the protocol of OpenAI's REST API. `answer` decides on each request, given its number
 * from 1. All servers end after each test.
 */
export function fakeOpenai(): (
  answer: (call: OpenaiCall, number: number) => Answer | Promise<Answer>,
) => Promise<FakeOpenai> {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return async (answer) => {
    const sockets = new Set<Socket>();
    let open = 0;
    const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      open += 1;
      fake.mostAtOnce = Math.max(fake.mostAtOnce, open);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const call: OpenaiCall = {
        path: request.url ?? '',
        authorization: request.headers.authorization,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>,
      };
      fake.calls.push(call);
      const decided = await answer(call, fake.calls.length);
      open -= 1;
      if (!decided) return;
      if ('drop' in decided) {
        request.socket.destroy();
        return;
      }
      response.writeHead(decided.status, { 'content-type': 'application/json', ...decided.headers });
      response.end(typeof decided.body === 'string' ? decided.body : JSON.stringify(decided.body));
    };
    const server = createServer((request, response) => void handle(request, response));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const fake: FakeOpenai = {
      address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      calls: [],
      mostAtOnce: 0,
    };
    closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    });
    return fake;
  };
}

/** A vector that tells which text it belongs to: its length in the first place, 1 in the second. */
export function vectorOf(text: string, width: number): number[] {
  return Array.from({ length: width }, (_, index) => (index === 0 ? text.length : index === 1 ? 1 : 0));
}

/** The answer of the embeddings endpoint, in base64 or as numbers as the request asks. */
export function embeddingsAnswer(
  call: OpenaiCall,
  width: number,
  vector: (text: string) => number[] = (text) => vectorOf(text, width),
): { status: number; body: unknown } {
  const data = (call.body.input as string[]).map((text, index) => {
    const values = vector(text);
    const embedding =
      call.body.encoding_format === 'base64'
        ? Buffer.from(Float32Array.from(values).buffer).toString('base64')
        : values;
    return { object: 'embedding', index, embedding };
  });
  const usage = { prompt_tokens: data.length, total_tokens: data.length };
  return { status: 200, body: { object: 'list', data, model: call.body.model, usage } };
}

export function errorAnswer(
  status: number,
  code: string,
  headers: Record<string, string> = {},
): { status: number; body: unknown; headers: Record<string, string> } {
  return { status, headers, body: { error: { message: 'no', type: 'error', code, param: null } } };
}
