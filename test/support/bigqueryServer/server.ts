import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { ApiError, invalid, notFound } from './apiError';
import { Engine, type QueryResult } from './engine';
import { Faults, type Call, type Fault } from './faults';
import { Jobs, restJob, type JobRequest } from './jobs';
import { multipart, restRows, restSchema } from './rest';

export interface ServerOptions {
  readonly project: string;
  readonly location: string;
  /** Rows of a result in one answer; small, so that paging is used. */
  readonly rowsPerPage?: number;
  /** Whether a bearer token is good; without this every caller is. */
  readonly accepts?: (token: string | undefined) => boolean;
}

interface Exchange {
  readonly call: Call;
  readonly ids: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly fault: Fault | undefined;
}

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
  private readonly jobs: Jobs;
  private readonly http: Server;
  private queries = 0;

  private constructor(options: ServerOptions, engine: Engine) {
    this.options = options;
    this.engine = engine;
    this.jobs = new Jobs(engine);
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
      const result = await this.handle({
        call,
        ids,
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

  private async handle(exchange: Exchange): Promise<object> {
    const { call, ids, query, body, fault } = exchange;
    const json = (): Record<string, unknown> => JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const [first = '', second = ''] = ids;
    switch (call) {
      case 'datasets.get':
        if (!this.engine.hasDataset(first)) throw notFound(`Dataset ${first}`);
        return { datasetReference: { projectId: this.options.project, datasetId: first } };
      case 'datasets.insert': {
        const { datasetReference, location } = json() as {
          datasetReference?: { datasetId?: string };
          location?: string;
        };
        await this.engine.createDataset(datasetReference?.datasetId, location);
        return { datasetReference };
      }
      case 'tables.get':
        return this.engine.tableOf(first, second).metadata;
      case 'tables.insert': {
        const metadata = json();
        await this.engine.createTable(first, metadata);
        return metadata;
      }
      case 'tables.delete':
        await this.engine.dropTable(first, second);
        return {};
      case 'tabledata.insertAll':
        return this.insertAll(first, second, json());
      case 'jobs.insert':
        return restJob(await this.jobs.insert(json(), undefined, fault), this.engine);
      case 'upload': {
        if (query.get('uploadType') !== 'multipart') throw invalid('Only multipart uploads are supported.');
        const { metadata, data } = multipart(body, exchange.headers['content-type'] ?? '');
        return restJob(await this.jobs.insert(metadata as JobRequest, data, fault), this.engine);
      }
      case 'jobs.get': {
        const job = this.jobs.get(first);
        const shown = restJob(job, this.engine);
        job.running = Math.max(0, job.running - 1);
        return shown;
      }
      case 'jobs.query':
        return this.query(json());
      case 'jobs.getQueryResults':
        return this.queryResults(first, query);
    }
  }

  private async query(request: Record<string, unknown>): Promise<object> {
    const id = `query_${this.queries++}`;
    const job = await this.jobs.insert(
      { jobReference: { jobId: id }, configuration: { query: request as { query: string } } },
      undefined,
      undefined,
    );
    if (job.error) throw job.error;
    const format = request.formatOptions as { useInt64Timestamp?: boolean } | undefined;
    return this.page(id, job.result!, 0, Infinity, format?.useInt64Timestamp === true);
  }

  private queryResults(id: string, query: URLSearchParams): object {
    const { error, result } = this.jobs.get(id);
    if (error) throw error;
    if (!result) throw invalid('Job is not a query.');
    const most = Number(query.get('maxResults') ?? Infinity);
    const start = Number(query.get('pageToken') ?? 0);
    return this.page(id, result, start, most, query.get('formatOptions.useInt64Timestamp') === 'true');
  }

  private page(
    id: string,
    result: QueryResult,
    start: number,
    most: number,
    useInt64Timestamp: boolean,
  ): object {
    const end = start + Math.min(most, this.options.rowsPerPage ?? 100);
    const rows = result.rows.slice(start, end);
    return {
      jobComplete: true,
      jobReference: { projectId: this.options.project, jobId: id, location: this.options.location },
      schema: restSchema(result),
      totalRows: String(result.rows.length),
      rows: restRows({ ...result, rows }, useInt64Timestamp),
      ...(end < result.rows.length && { pageToken: String(end) }),
    };
  }

  private async insertAll(dataset: string, table: string, body: Record<string, unknown>): Promise<object> {
    const rows = (body as { rows?: { json: unknown }[] }).rows ?? [];
    const problems = await this.engine.stream(
      dataset,
      table,
      rows.map(({ json }) => json),
    );
    if (problems.length === 0) return {};
    const insertErrors = rows.map((_row, index) => {
      const problem = problems.find((found) => found.index === index);
      return {
        index,
        errors: [
          problem ? { reason: 'invalid', message: problem.message } : { reason: 'stopped', message: '' },
        ],
      };
    });
    return { insertErrors };
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
