import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { ApiError, notFound } from './apiError';
import { Engine } from './engine';
import { Faults, type Call } from './faults';
import { handlers } from './handlers';
import { Jobs } from './jobs';

export interface ServerOptions {
  readonly project: string;
  readonly location: string;
  /** Rows of a result in one answer; small, so that paging is used. */
  readonly rowsPerPage?: number;
  /** Whether a bearer token is good; without this every caller is. */
  readonly accepts?: (token: string | undefined) => boolean;
}

const defaultRowsPerPage = 100;
const base = String.raw`/bigquery/v2/projects/([^/]+)`;
const routes: readonly (readonly [string, RegExp, Call])[] = [
  ['POST', new RegExp(`^/upload${base}/jobs$`), 'upload'],
  ['POST', new RegExp(`^${base}/jobs$`), 'jobs.insert'],
  ['GET', new RegExp(`^${base}/jobs/([^/]+)$`), 'jobs.get'],
  ['POST', new RegExp(`^${base}/queries$`), 'jobs.query'],
  ['GET', new RegExp(`^${base}/queries/([^/]+)$`), 'jobs.getQueryResults'],
  ['POST', new RegExp(`^${base}/datasets$`), 'datasets.insert'],
  ['GET', new RegExp(`^${base}/datasets/([^/]+)$`), 'datasets.get'],
  ['POST', new RegExp(`^${base}/datasets/([^/]+)/tables$`), 'tables.insert'],
  ['GET', new RegExp(`^${base}/datasets/([^/]+)/tables/([^/]+)$`), 'tables.get'],
  ['DELETE', new RegExp(`^${base}/datasets/([^/]+)/tables/([^/]+)$`), 'tables.delete'],
  ['POST', new RegExp(`^${base}/datasets/([^/]+)/tables/([^/]+)/insertAll$`), 'tabledata.insertAll'],
];

/**
 * A BigQuery on this machine: its REST API, as far as the real client is used, over DuckDB. It enforces what the
 * real one enforces and fails as the real one fails, when told to.
 * https://cloud.google.com/bigquery/docs/reference/rest
 */
export class BigQueryServer {
  readonly engine: Engine;
  readonly faults = new Faults();
  /** Every call in order, with what was asked for. */
  readonly calls: { readonly call: Call; readonly ids: readonly string[] }[] = [];
  private readonly options: ServerOptions;
  private readonly handlers: ReturnType<typeof handlers>;
  private readonly http: Server;

  private constructor(options: ServerOptions, engine: Engine) {
    this.options = options;
    this.engine = engine;
    this.handlers = handlers(engine, new Jobs(engine), options.rowsPerPage ?? defaultRowsPerPage);
    this.http = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(options: ServerOptions): Promise<BigQueryServer> {
    const server = new BigQueryServer(options, await Engine.start(options.project, options.location));
    await new Promise<void>((resolve) => {
      server.http.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  count(call: Call): number {
    return this.calls.filter((made) => made.call === call).length;
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => {
      this.http.close(resolve);
    });
    await this.engine.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, this.endpoint);
    const route = routes.find(([method, path]) => method === request.method && path.test(url.pathname));
    const body = await readBody(request);
    try {
      if (!route) throw notFound(`${request.method} ${url.pathname}`);
      const [, path, call] = route;
      const [project, ...ids] = path.exec(url.pathname)!.slice(1).map(decodeURIComponent);
      if (project !== this.options.project) throw notFound(`Project ${project}`);
      this.calls.push({ call, ids });
      const fault = this.faults.next(call);
      if (fault?.kind === 'silence') return;
      if (fault?.kind === 'broken before') {
        response.destroy();
        return;
      }
      if (fault?.kind === 'error') throw new ApiError(fault.status, fault.reason, fault.message);
      this.authorize(request);
      const result = await this.handlers[call]({
        first: ids[0] ?? '',
        second: ids[1] ?? '',
        query: url.searchParams,
        headers: request.headers,
        body,
        fault,
      });
      if (fault?.kind === 'lost answer') response.destroy();
      else send(response, 200, result);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      send(response, error.status, error.body);
    }
  }

  private authorize(request: IncomingMessage): void {
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (this.options.accepts && !this.options.accepts(token)) {
      throw new ApiError(401, 'authError', 'Request had invalid authentication credentials.');
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
