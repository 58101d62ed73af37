import type { IncomingHttpHeaders } from 'node:http';
import { invalid, notFound } from './apiError';
import type { Engine, QueryResult } from './engine';
import type { Call, Fault } from './faults';
import { restJob, type JobRequest, type Jobs } from './jobs';
import { multipart, restRows, restSchema } from './rest';

export interface Exchange {
  readonly first: string;
  readonly second: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly fault: Fault | undefined;
}

type Handler = (exchange: Exchange) => Promise<object> | object;

/** What each method of the REST API does. https://cloud.google.com/bigquery/docs/reference/rest */
export function handlers(engine: Engine, jobs: Jobs, rowsPerPage: number): Readonly<Record<Call, Handler>> {
  const { project, location } = engine;
  let queries = 0;

  const page = (id: string, result: QueryResult, start: number, most: number, int64: boolean): object => {
    const end = start + Math.min(most, rowsPerPage);
    const rows = result.rows.slice(start, end);
    return {
      jobComplete: true,
      jobReference: { projectId: project, jobId: id, location },
      schema: restSchema(result),
      totalRows: String(result.rows.length),
      rows: restRows({ ...result, rows }, int64),
      ...(end < result.rows.length && { pageToken: String(end) }),
    };
  };

  return {
    'datasets.get': ({ first }) => {
      if (!engine.hasDataset(first)) throw notFound(`Dataset ${first}`);
      return { datasetReference: { projectId: project, datasetId: first } };
    },
    'datasets.insert': async ({ body }) => {
      const asked = json(body) as { datasetReference?: { datasetId?: string }; location?: string };
      await engine.createDataset(asked.datasetReference?.datasetId, asked.location);
      return { datasetReference: asked.datasetReference };
    },
    'tables.get': ({ first, second }) => engine.tableOf(first, second).metadata,
    'tables.insert': async ({ first, body }) => {
      const metadata = json(body);
      await engine.createTable(first, metadata);
      return metadata;
    },
    'tables.delete': async ({ first, second }) => {
      await engine.dropTable(first, second);
      return {};
    },
    'tabledata.insertAll': async ({ first, second, body }) => {
      const { rows = [] } = json(body) as { rows?: { json: unknown }[] };
      const problems = await engine.stream(
        first,
        second,
        rows.map((row) => row.json),
      );
      if (problems.length === 0) return {};
      const insertErrors = rows.map((_row, index) => {
        const problem = problems.find((found) => found.index === index);
        const error = problem
          ? { reason: 'invalid', message: problem.message }
          : { reason: 'stopped', message: '' };
        return { index, errors: [error] };
      });
      return { insertErrors };
    },
    'jobs.insert': async ({ body, fault }) =>
      restJob(await jobs.insert(json(body), undefined, fault), engine),
    upload: async ({ query, headers, body, fault }) => {
      if (query.get('uploadType') !== 'multipart') throw invalid('Only multipart uploads are supported.');
      const { metadata, data } = multipart(body, headers['content-type'] ?? '');
      return restJob(await jobs.insert(metadata as JobRequest, data, fault), engine);
    },
    'jobs.get': ({ first }) => {
      const job = jobs.get(first);
      const shown = restJob(job, engine);
      job.running = Math.max(0, job.running - 1);
      return shown;
    },
    'jobs.query': async ({ body }) => {
      const request = json(body) as { query: string; formatOptions?: { useInt64Timestamp?: boolean } };
      const id = `query_${queries++}`;
      const job = await jobs.insert(
        { jobReference: { jobId: id }, configuration: { query: request } },
        undefined,
        undefined,
      );
      if (job.error) throw job.error;
      return page(id, job.result!, 0, Infinity, request.formatOptions?.useInt64Timestamp === true);
    },
    'jobs.getQueryResults': ({ first, query }) => {
      const { error, result } = jobs.get(first);
      if (error) throw error;
      if (!result) throw invalid('Job is not a query.');
      const int64 = query.get('formatOptions.useInt64Timestamp') === 'true';
      const start = Number(query.get('pageToken') ?? 0);
      return page(first, result, start, Number(query.get('maxResults') ?? Infinity), int64);
    },
  };
}

function json(body: Buffer): Record<string, unknown> {
  return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
}
